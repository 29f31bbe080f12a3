/** Keys of objects in a store. */

const numbered = (n: number): string => String(n).padStart(4, '0')

export const runKeys = (run: string) => {
  const root = `runs/${run}`
  return {
    config: `${root}/config.json`,
    round: (n: number) => `${root}/rounds/${numbered(n)}.json`,
    shards: (n: number) => `${root}/rounds/${numbered(n)}.jsonl`,
    results: (n: number) => `${root}/rounds/${numbered(n)}.results.json`,
    verdict: (n: number) => `${root}/rounds/${numbered(n)}.verdict.json`,
    leaderboard: `${root}/leaderboard.json`,
    dataset: `${root}/datasets/latest.json`,
    files: (fingerprint: string) => `${root}/datasets/${fingerprint}.json`,
    rerankCandidates: `${root}/rerank/candidates.json`,
    rerank: `${root}/rerank.json`,
    edition: (edition: string) => ({
      candidates: `${root}/rerank/${edition}/candidates.json`,
      shards: `${root}/rerank/${edition}/shards.jsonl`,
      outcome: `${root}/rerank/${edition}/outcome.json`,
    }),
    supernetShards: `${root}/supernet.jsonl`,
    derived: `${root}/derived.json`,
    rivals: `${root}/rivals/candidates.json`,
    rivalShards: `${root}/rivals/shards.jsonl`,
    comparison: `${root}/comparison.json`,
    decoded: (file: string) => `${root}/decoded/${file}`,
    ledgerEntries: `${root}/ledger/`,
    ledgerEntry: (jobId: string, attempt: number) => `${root}/ledger/${jobId}-${attempt}.json`,
    closedLedger: `${root}/ledger.json`,
    summary: `${root}/summary.json`,
    report: `${root}/report.html`,
  } as const
}

export const trialKeys = (trial: string) => {
  const root = `trials/${trial}`
  return {
    spec: `${root}/spec.json`,
    starts: `${root}/starts/`,
    start: (jobId: string, attempt: number) => `${root}/starts/${jobId}-${attempt}.json`,
    checkpoint: `${root}/checkpoint.safetensors`,
    architecture: `${root}/architecture.json`,
    history: `${root}/history.json`,
    weights: `${root}/weights.safetensors`,
    model: `${root}/model.onnx`,
    predictions: `${root}/predictions/`,
    prediction: (n: number) => `${root}/predictions/${n}.png`,
    result: `${root}/result.json`,
  } as const
}

export const backboneKeys = (backbone: string) =>
  ({
    checkpoint: `backbones/${backbone}/checkpoint.safetensors`,
    weights: `backbones/${backbone}/weights.safetensors`,
    manifest: `backbones/${backbone}/manifest.json`,
  }) as const

export const featuresKeys = (features: string) =>
  ({
    shard: (n: number) => `features/${features}/${numbered(n)}.safetensors`,
    manifest: `features/${features}/manifest.json`,
  }) as const

export const latencyKeys = (latencies: string) => ({ table: `latencies/${latencies}/table.json` }) as const
