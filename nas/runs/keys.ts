/** Keys of the objects that runs of all pipelines have; those of one pipeline alone are in nas/pipelines. */

/** The largest number that keys have room for. */
export const LARGEST_NUMBER = 9999

export const numbered = (n: number): string => String(n).padStart(4, '0')

export const runRoot = (run: string): string => `runs/${run}`

export const runKeys = (run: string) => {
  const root = runRoot(run)
  return {
    config: `${root}/config.json`,
    sessions: `${root}/sessions/`,
    session: (n: number) => `${root}/sessions/${numbered(n)}.json`,
    dataset: `${root}/datasets/latest.json`,
    starts: (trial: string) => `${root}/starts/${trial}/`,
    start: (trial: string, jobId: string, attempt: number) =>
      `${root}/starts/${trial}/${jobId}-${attempt}.json`,
    failure: (trial: string) => `${root}/failures/${trial}.json`,
    jobFailure: `${root}/job-failure.json`,
    files: (fingerprint: string) => `${root}/datasets/${fingerprint}.json`,
    decoded: (file: string) => `${root}/decoded/${file}`,
    ledgerEntries: `${root}/ledger/`,
    ledgerEntry: (jobId: string, attempt: number) => `${root}/ledger/${jobId}-${attempt}.json`,
    closedLedger: `${root}/ledger.json`,
    summary: `${root}/summary.json`,
    report: `${root}/report.html`,
  } as const
}

export const trialRoot = (trial: string): string => `trials/${trial}`

export const trialKeys = (trial: string) => {
  const root = trialRoot(trial)
  return {
    spec: `${root}/spec.json`,
    checkpoint: `${root}/checkpoint.safetensors`,
    weights: `${root}/weights.safetensors`,
    model: `${root}/model.onnx`,
    predictions: `${root}/predictions/`,
    prediction: (n: number) => `${root}/predictions/${n}.png`,
    result: `${root}/result.json`,
  } as const
}
