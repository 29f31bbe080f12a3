import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TINY } from './tiny.ts'
import { bundle, emptyFolder, trellis, writeConfig, writePng } from './trellis.ts'

/** Exit 2, one line that says what is wrong, one that says what to do, no stack, and nothing left in the store. */
async function refuses(folder: string, args: string[], message: RegExp, fix = /./): Promise<void> {
  const { status, stdout, stderr } = await trellis(folder, ...args)
  const [what, todo, ...rest] = stderr.trimEnd().split('\n')
  expect(what).toMatch(message)
  expect(what).toMatch(/^trellis: /)
  expect(todo).toMatch(/^ {2}fix: /)
  expect(todo).toMatch(fix)
  expect(rest).toEqual([])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(existsSync(join(folder, 'trellis-store', 'runs'))).toBe(false)
}

const search = (folder: string, ...set: string[]) => [
  'search',
  writeConfig(folder),
  ...set.flatMap((each) => ['--set', each]),
]

describe('a config is refused for', () => {
  test('a file that is not there', async () => {
    await refuses(emptyFolder(), ['search', 'none.yaml'], /cannot read none.yaml: ENOENT/)
  })

  test('YAML that is none, with its line and column', async () => {
    const folder = emptyFolder()
    await refuses(
      folder,
      ['search', writeConfig(folder, 'pipeline: dpc\nname: [a, b\n')],
      /search\.yaml:3:1: /,
    )
  })

  test('an unknown key, naming the nearest', async () => {
    const folder = emptyFolder()
    await refuses(
      folder,
      search(folder, 'proxy.learningrate=0.1'),
      /proxy\.learningrate, did you mean learningRate\?/,
    )
  })

  test('a budget of zero', async () => {
    const folder = emptyFolder()
    await refuses(folder, search(folder, 'budget.trials=0'), /budget\.trials/)
  })

  test('an override without a value', async () => {
    const folder = emptyFolder()
    await refuses(folder, search(folder, 'budget'), /--set budget is not of the form/)
  })

  test('a name that cannot be part of a key', async () => {
    const folder = emptyFolder()
    await refuses(folder, [...search(folder), '--run', 'a/b'], /--run a\/b is no name/)
  })

  test('a card that cannot be had, naming the nearest', async () => {
    const folder = emptyFolder()
    await refuses(
      folder,
      ['estimate', writeConfig(folder), '--set', 'compute.card=v100'],
      /v100 cannot be had/,
      /a10g/,
    )
  })
})

describe('what never ends is refused at once', () => {
  test.each([
    ['a configuration', ['estimate', '/dev/zero'], /\/dev\/zero is a device, not a file/],
    ['a network', ['count', '/dev/zero', '--input', '320x65x129'], /\/dev\/zero is a device, not a file/],
    ['a deployment', ['deploy', '/dev/zero'], /\/dev\/zero is a device, not a file/],
  ])('as %s', async (_, args, message) => {
    await refuses(emptyFolder(), args, message)
  })

  test('as weights', async () => {
    const folder = emptyFolder()
    await refuses(folder, search(folder, 'backbone={weights: /dev/zero}'), /\/dev\/zero is a device/)
  })

  test('as a list of classes', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'data'))
    symlinkSync('/dev/zero', join(folder, 'data/classes.txt'))
    const dataset = 'dataset={kind: folders, path: data, classes: classes.txt}'
    await refuses(folder, search(folder, dataset), /classes\.txt: it is no regular file/)
  })
})

test('a store of another scheme is refused, whichever way it is named', async () => {
  const folder = emptyFolder()
  await refuses(folder, search(folder, 'store=https://x/y'), /store: only folders and s3/)
  await refuses(folder, ['report', 'a', '--store', 'https://x/y'], /cannot open https:\/\/x\/y/)
})

test.runIf(process.platform === 'linux')('too few files to open are no defect', () => {
  const folder = emptyFolder()
  const command = `ulimit -n 64; "$0" "$1" search "$2"`
  const args = ['-c', command, process.execPath, bundle, writeConfig(folder)]
  const { status, stderr } = spawnSync('bash', args, { cwd: folder, encoding: 'utf8' })
  expect(stderr).toMatch(/^trellis: this process may open 64 files, .*\n {2}fix: .*ulimit -n/)
  expect(status).toBe(2)
})

interface Images {
  readonly image?: [height: number, width: number]
  readonly mask?: [height: number, width: number]
  readonly label?: number
}

/** CamVid's layout with one image a split. */
function writeDataset(folder: string, splits: Readonly<Record<'train' | 'val', Images>>): void {
  for (const split of ['train', 'val'] as const) {
    const { image = [32, 48], mask = image, label = 0 } = splits[split]
    writePng(join(folder, 'data/images', split, 'a.png'), image, 3, 100)
    writePng(join(folder, 'data/annotations', split, 'a.png'), mask, 1, label)
  }
}

describe('a dataset is refused', () => {
  const onFolder = (folder: string) => search(folder, 'dataset={kind: folders, path: data, classes: 3}')

  test('that is not there', async () => {
    const folder = emptyFolder()
    await refuses(folder, onFolder(folder), /no train images .* in .*\/data\/images\/train/)
  })

  test('that is empty', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'data/images/train'), { recursive: true })
    await refuses(folder, onFolder(folder), /no train images/)
  })

  test('that is a file', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'data'), 'x')
    await refuses(folder, onFolder(folder), /\/data/)
  })

  test('after its budget, which needs no look at an image', async () => {
    const folder = emptyFolder()
    writeDataset(folder, { train: { label: 200 }, val: {} })
    const onSmallBudget = [...onFolder(folder), '--set', 'budget={hours: 0.0001}']
    await refuses(
      folder,
      onSmallBudget,
      /the run would take about [\d a-z]+ by the clock, and 0 s by the clock are allowed \(budget\.hours: 0\.0001\), with 2 trials/,
      /raise the budget, or lower search\.perRound/,
    )
    const small = ['--set', 'budget={hours: 0.0001}']
    const { stdout } = await trellis(folder, 'estimate', writeConfig(folder), ...small)
    expect(stdout).toMatch(/^Above your budget: the run would take about .*\n {2}fix: raise the budget/m)
  })

  test('whose image and mask differ in size', async () => {
    const folder = emptyFolder()
    writeDataset(folder, { train: { mask: [32, 47] }, val: {} })
    await refuses(folder, onFolder(folder), /a\.png is 32x48, its mask .*a\.png is 32x47/)
  })

  test('whose mask has a class outside the range', async () => {
    const folder = emptyFolder()
    writeDataset(folder, { train: {}, val: { label: 3 } })
    await refuses(folder, onFolder(folder), /annotations\/val\/a\.png.* 3/)
  })

  test('of which no training mask holds a class, by search and by estimate', async () => {
    const folder = emptyFolder()
    writeDataset(folder, { train: {}, val: {} })
    const message = /no training mask holds classes "class 1" .* they hold 0 \(class 0, 100 %\)/
    await refuses(folder, onFolder(folder), message)
    await refuses(folder, ['estimate', ...onFolder(folder).slice(1)], message)
  })

  test('without a usable validation image', async () => {
    const folder = emptyFolder()
    writeDataset(folder, { train: {}, val: { label: 255 } })
    await refuses(folder, onFolder(folder), /no usable validation image/)
  })
})

describe('a network is refused', () => {
  test('whose branch reads a later branch', async () => {
    const folder = emptyFolder()
    const branch = (input: number) => ({ input, operation: { kind: 'conv1x1' } })
    const genotype = { space: 'dpc', version: 1, branches: [branch(-1), branch(2), branch(-1)] }
    writeFileSync(join(folder, 'cell.json'), JSON.stringify(genotype))
    await refuses(
      folder,
      ['count', 'cell.json', '--input', '320x65x129'],
      /reads branch 2, which comes later/,
    )
  })

  test('whose weights are no whole checkpoint', async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'weights.safetensors'), Buffer.alloc(100, 1))
    const args = search(folder, 'backbone={weights: weights.safetensors}')
    await refuses(folder, args, /weights\.safetensors is not a safetensors file/)
  })

  test.each([
    ['', `PK\x03\x04${'\0'.repeat(26)}archive/data.pkl`],
    [', of an old version', '\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'],
  ])("whose weights are PyTorch's%s", async (_, start) => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'w.pth'), Buffer.from(start.padEnd(200, '.'), 'latin1'))
    const convert =
      /convert it: python3 -c '.*save_file\(torch\.load\(".*w\.pth", .*\), ".*w\.safetensors"\)'$/
    await refuses(folder, search(folder, 'backbone={weights: w.pth}'), /w\.pth is a PyTorch file/, convert)
  })

  test('whose weights are missing', async () => {
    const folder = emptyFolder()
    await refuses(
      folder,
      search(folder, 'backbone={weights: none.safetensors}'),
      /cannot read .*none\.safetensors/,
    )
  })
})

test('a card is of AWS: a search here is refused, before anything is looked at', async () => {
  const folder = emptyFolder()
  await refuses(
    folder,
    search(folder, 'compute.card=h100'),
    /compute\.card is h100, a card of AWS/,
    /add --aws .* compute\.card=cpu/,
  )
  const estimate = await trellis(folder, 'estimate', writeConfig(folder), '--set', 'compute.card=h100')
  expect(estimate.stdout).toContain('Cards are on AWS')
  expect(estimate.stdout).toContain("The speed of h100 is scaled, by published peaks, from a P100's")
})

test('a store that cannot be written is refused before the dataset is looked at', async () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'file'), 'x')
  const args = search(folder, 'dataset={kind: folders, path: none, classes: 3}')
  await refuses(folder, [...args, '--store', 'file/store'], /cannot write .*file\/store/, /store/)
})

describe('a run that is not there is refused, naming those that are', () => {
  test.each(['resume', 'report', 'export'])('by %s', async (command) => {
    const folder = emptyFolder()
    const file = command === 'export' ? ['--onnx', 'model.onnx'] : []
    await refuses(folder, [command, 'street-1', ...file], /there is no run street-1/, /trellis search/)
    const store = join(folder, 'other')
    mkdirSync(join(store, 'runs/street-2'), { recursive: true })
    writeFileSync(join(store, 'runs/street-2/config.json'), '{}')
    await refuses(
      folder,
      [command, 'street-1', ...file, '--store', store],
      /no run street-1/,
      /mean street-2\?/,
    )
  })
})

test('export of model and genotype to one file is refused, however its path is written', async () => {
  const folder = emptyFolder()
  const args = ['export', 'street-1', '--onnx', 'same', '--genotype', './a/../same']
  await refuses(
    folder,
    args,
    /--onnx and --genotype name the same file, \.\/a\/\.\.\/same/,
    /a file of its own/,
  )
  expect(existsSync(join(folder, 'same'))).toBe(false)
})

describe('usage', () => {
  test.each([
    ['an unknown command', ['serch'], /^trellis: unknown command 'serch'/],
    ['an unknown option', ['search', 'x.yaml', '--seed', '1'], /^trellis: unknown option '--seed'/],
    ['a missing argument', ['resume'], /^trellis: missing required argument 'run'/],
  ])('%s exits with 2 and says so', async (_, args, message) => {
    const { status, stderr } = await trellis(emptyFolder(), ...args)
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })

  test('help is no error', async () => {
    const { status, stdout, stderr } = await trellis(emptyFolder(), '--help')
    for (const command of ['search', 'resume', 'report', 'estimate', 'count', 'export'])
      expect(stdout).toContain(command)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

test('every key of the smallest search is known', async () => {
  const folder = emptyFolder()
  const { status, stdout } = await trellis(folder, 'estimate', writeConfig(folder, TINY), '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ trials: 4, usd: 0 })
})
