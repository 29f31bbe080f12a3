/**
 * The decay of running statistics: they span the last tenth of a training, and never faster than the paper's 0.9997, which is
 * the same for its 30,000 steps. A fixed 0.9997 would leave a short training with its initial statistics.
 */
export const runningDecay = (steps: number): number => Math.min(0.9997, Math.max(0.5, 1 - 10 / steps))
