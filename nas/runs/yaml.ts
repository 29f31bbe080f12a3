import { LineCounter, parseDocument } from 'yaml'
import { TrellisError } from '../errors.ts'

/**
 * The value that YAML text stands for, as JSON could write it: there are no tags for dates, sets or bytes.
 * @param source of it, for errors
 * @throws TrellisError `invalid-config` naming the line and the column
 */
export function parseYaml(text: string, source: string): unknown {
  const lineCounter = new LineCounter()
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, resolveKnownTags: false })
    // A tag that is unknown is a warning, after which its value is taken for text.
    const [problem] = [...document.errors, ...document.warnings]
    // An alias without an anchor is found only by `toJS`, and so are too many of them.
    if (problem === undefined) return document.toJS()
    const { line, col } = lineCounter.linePos(problem.pos[0])
    throw notYaml(`${source}:${line}:${col}`, problem)
  } catch (error) {
    // Sections within sections by the thousand are too much for the parser.
    throw error instanceof TrellisError ? error : notYaml(source, error as Error)
  }
}

const notYaml = (place: string, cause: Error): TrellisError =>
  new TrellisError('invalid-config', `${place}: ${cause.message}`, { fix: 'correct the YAML there', cause })
