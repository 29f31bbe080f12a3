/** A run was stopped by Ctrl-C, in good order. Not an error of anybody. */
export class Interrupted extends Error {
  /** What follows `trellis` to go on with it. */
  readonly again: string

  constructor(again: string) {
    super('interrupted')
    this.again = again
  }
}
