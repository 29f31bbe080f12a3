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
  readonly block: readonly string[]
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

function live(stream: NodeJS.WriteStream, now: () => number): Terminal {
  const log = createLogUpdate(stream)
  let last = Number.NEGATIVE_INFINITY
  return {
    show({ block }) {
      if (now() - last < BETWEEN_FRAMES_MS) return
      last = now()
      log(block.join('\n'))
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

function plain(stream: NodeJS.WritableStream, now: () => number): Terminal {
  // What is over within the first seconds needs no line.
  let last = now()
  return {
    show({ line }) {
      if (now() - last < BETWEEN_LINES_MS) return
      last = now()
      stream.write(`${line}\n`)
    },
    note(line) {
      last = now()
      stream.write(`${line}\n`)
    },
    close() {},
  }
}
