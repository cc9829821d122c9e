/** What is used of saxen, which brings no types. */
declare module 'saxen' {
  type Decode = (text: string) => string;
  export class Parser {
    on(event: 'openTag', visit: (name: string, attributes: () => Readonly<Record<string, string>>) => void): this;
    on(event: 'closeTag', visit: (name: string) => void): this;
    on(event: 'text', visit: (text: string, decode: Decode) => void): this;
    on(event: 'cdata', visit: (text: string) => void): this;
    on(event: 'error' | 'warn', visit: (error: Error) => void): this;
    parse(xml: string): void;
  }
}
