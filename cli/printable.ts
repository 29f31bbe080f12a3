/**
 * Text with its control characters written out: the name of a file may hold any, and a terminal does what they say. Ends of lines
 * are those of messages, and stay.
 */
export const printable = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\n\t]/gu, (character) => {
    const code = character.codePointAt(0)!.toString(16).padStart(2, '0')
    return `\\x${code}`
  })
