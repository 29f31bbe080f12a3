import { createLogUpdate } from 'log-update'

/** Where progress is shown, beside the results on standard output. */
export interface Terminal {
  /** Shows what is true now: on a terminal in place of what was shown before, elsewhere `line` from time to time. */
  show(view: View): void
  /** Says something once. */
  note(line: string): void
  close(): void
}

export interface View {
  /** Rows of parts. A part stays whole where the terminal is wide enough for it. */
  readonly block: readonly (readonly string[])[]
  readonly line: string
}

const BETWEEN_FRAMES_MS = 100
const BETWEEN_LINES_MS = 10_000

export function createTerminal(
  stream: NodeJS.WriteStream = process.stderr,
  now = () => performance.now(),
): Terminal {
  return stream.isTTY ? live(stream, now) : plain(stream, now)
}

/** Where a terminal does not say how wide it is. */
const USUAL_COLUMNS = 80

function live(stream: NodeJS.WriteStream, now: () => number): Terminal {
  const log = createLogUpdate(stream)
  let last = Number.NEGATIVE_INFINITY
  return {
    show({ block }) {
      if (now() - last < BETWEEN_FRAMES_MS) return
      last = now()
      // Asked each time: a window changes. The last column is left free, after which some terminals begin a line.
      const width = (stream.columns || USUAL_COLUMNS) - 1
      log(block.flatMap((parts) => fitted(parts, width)).join('\n'))
    },
    note(line) {
      log.clear()
      stream.write(`${line}\n`)
    },
    close() {
      log.clear()
      log.done()
    },
  }
}

const BETWEEN_PARTS = '  '

/** The parts of a row on as many lines as they take, none of them wider than `width`. */
export function fitted(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    const longer = `${last}${BETWEEN_PARTS}${part}`
    if (last !== undefined && longer.length <= width) lines[lines.length - 1] = longer
    else lines.push(cut(last === undefined ? part : `${BETWEEN_PARTS}${part}`, width))
  }
  return lines
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`

function plain(stream: NodeJS.WritableStream, now: () => number): Terminal {
  // What is over within the first seconds needs no line.
  let last = now()
  const write = (line: string) => {
    last = now()
    stream.write(`${timeOfDay(new Date())} ${line}\n`)
  }
  return {
    show({ line }) {
      if (now() - last >= BETWEEN_LINES_MS) write(line)
    },
    note: write,
    close() {},
  }
}

/** HH:MM:SS, as clocks here show it. */
const timeOfDay = (date: Date): string => date.toTimeString().slice(0, 8)
