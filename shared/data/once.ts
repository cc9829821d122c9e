/** Asks for each name once, and answers the others what it was answered. For one look or one request: what was read stays as it was read. */
export function once<Asked, Answer>(
  ask: (asked: Asked) => Promise<Answer>,
  nameOf: (asked: Asked) => string,
): (asked: Asked) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (asked) => {
    const name = nameOf(asked);
    const answer = answers.get(name) ?? ask(asked);
    answers.set(name, answer);
    return answer;
  };
}
