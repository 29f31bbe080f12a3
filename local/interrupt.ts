/**
 * A signal that aborts at the first Ctrl-C, or SIGTERM: jobs are asked to stop and leave checkpoints. The second one ends
 * this process in the usual way, and its jobs, whose lifeline it was, with it.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => controller.abort(new Error(name)))
  return controller.signal
}
