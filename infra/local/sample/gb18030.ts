const LEADS = { first: 0x81, last: 0xfe };
const TRAILS = { first: 0x40, last: 0xfe };

/** Character → its two bytes; built from the decoder, which is all that the platform has. */
function twoByteCharacters(): Map<string, Buffer> {
  const decoder = new TextDecoder('gb18030');
  const characters = new Map<string, Buffer>();
  for (let lead = LEADS.first; lead <= LEADS.last; lead++) {
    for (let trail = TRAILS.first; trail <= TRAILS.last; trail++) {
      const bytes = Buffer.from([lead, trail]);
      const character = decoder.decode(bytes);
      if (character.length === 1) characters.set(character, bytes);
    }
  }
  return characters;
}

/** A text in GB 18030, as an older office saves it. Refuses characters that need four bytes, rather than lose them. */
export function gb18030(text: string): Buffer {
  const characters = twoByteCharacters();
  const encoded = [...text].map((character) => {
    if (character.charCodeAt(0) < 0x80) return Buffer.from(character, 'latin1');
    const bytes = characters.get(character);
    if (bytes === undefined) throw new RangeError(`${character} has no two bytes in GB 18030`);
    return bytes;
  });
  return Buffer.concat(encoded);
}
