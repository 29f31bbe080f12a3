/**
 * A signal that aborts at the first Ctrl-C, or SIGTERM: jobs are asked to stop and leave checkpoints. The second one ends
 * this process in the usual way, and its jobs, whose lifeline it was, with it.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    const stop = () => {
      controller.abort(new Error(name))
      // What restores the cursor of a terminal ends the process where it is the only listener, so this one goes after it has looked.
      setImmediate(() => process.off(name, stop))
    }
    process.on(name, stop)
  }
  return controller.signal
}
