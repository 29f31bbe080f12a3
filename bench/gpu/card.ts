import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** Name, driver and memory of the card; undefined without one. */
export function cardName(): string | undefined {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader']
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

export interface Watch {
  /** What has been since: the mean share of the time in which a kernel ran, and the most memory, MiB. */
  stop(): string
}

/** Looks at the card ten times a second. */
export function watchCard(): Watch {
  const query = ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits', '-lms', '100']
  const busy: number[] = []
  let most = 0
  let child: ChildProcess | undefined
  if (cardName() !== undefined) {
    child = spawn('nvidia-smi', query, { stdio: ['ignore', 'pipe', 'ignore'] })
    child.stdout!.on('data', (text: Buffer) => {
      for (const line of text.toString().trim().split('\n')) {
        const [share, memory] = line.split(',').map(Number) as [number, number]
        busy.push(share)
        most = Math.max(most, memory)
      }
    })
  }
  return {
    stop() {
      child?.kill()
      if (busy.length === 0) return 'card not watched'
      return `busy ${Math.round(busy.reduce((a, b) => a + b) / busy.length)} %, memory ${most} MiB`
    },
  }
}
