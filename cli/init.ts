import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TrellisError } from '../nas/errors.ts'
import { nearest } from '../nas/nearest.ts'
import { contracts } from '../nas/pipelines/index.ts'
import { parseConfig } from '../nas/pipelines/parse-config.ts'
import { parseYaml } from '../nas/runs/yaml.ts'
import { checkAbsent, writeOutput } from './write-output.ts'

export interface InitOptions {
  /** Name of an example, without .yaml. */
  readonly example?: string
  /** The example of this pipeline that needs no data. */
  readonly pipeline?: string
}

interface Example {
  readonly name: string
  readonly text: string
  readonly pipeline: string
  readonly needsData: boolean
}

/** Both lie one folder up, from the sources and from the bundle alike. */
const folderOfExamples = fileURLToPath(new URL('../examples/', import.meta.url))
const keys = fileURLToPath(new URL('../docs/config.md', import.meta.url))

/**
 * Writes an example configuration into a folder, and tells what comes next and which other examples there are.
 * @throws TrellisError `not-found` for an example or a pipeline that there is not, `invalid-config` where the file is there already
 */
export async function init(folder: string, options: InitOptions): Promise<string> {
  const examples = readExamples()
  const example = chosen(examples, options)
  const file = join(folder, `${example.name}.yaml`)
  await write(folder, file, example.text)
  const others = examples.filter(({ name }) => name !== example.name)
  const width = Math.max(...others.map(({ name }) => name.length))
  return [
    `${file}: ${about(example)}`,
    '',
    ...(example.needsData ? ['Set dataset.path in it to the folder of your images, then:', ''] : []),
    `  trellis estimate ${file}   # hours and dollars, before anything starts`,
    `  trellis search ${file}`,
    '',
    `${keys} describes every key. Other examples, by trellis init --example <name>:`,
    '',
    ...others.map((other) => `  ${other.name.padEnd(width)}  ${about(other)}`),
  ].join('\n')
}

const readExamples = (): readonly Example[] =>
  readdirSync(folderOfExamples)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folderOfExamples, file), 'utf8')
      const { pipeline, dataset } = parseConfig(parseYaml(text, file), file)
      return { name: file.replace(/\.yaml$/, ''), text, pipeline, needsData: dataset.path !== undefined }
    })

function chosen(examples: readonly Example[], { example, pipeline }: InitOptions): Example {
  if (example !== undefined)
    return (
      examples.find(({ name }) => name === example.replace(/\.yaml$/, '')) ??
      unknown(
        'example',
        example,
        examples.map(({ name }) => name),
      )
    )
  const startable = examples.filter(({ needsData }) => !needsData)
  const wanted = pipeline ?? contracts.all()[0]![0]
  return (
    startable.find((one) => one.pipeline === wanted) ??
    unknown('pipeline', wanted, [...new Set(startable.map((one) => one.pipeline))])
  )
}

function unknown(what: string, name: string, known: readonly string[]): never {
  const meant = nearest(name, known)
  throw new TrellisError('not-found', `there is no ${what} ${name}`, {
    fix: `${meant === undefined ? '' : `did you mean ${meant}? `}Known: ${known.join(', ')}`,
  })
}

const OPTION = 'trellis init <folder>'

async function write(folder: string, file: string, text: string): Promise<void> {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new TrellisError('invalid-config', `${folder} is a file`, {
      fix: 'name a folder, or none for this one',
    })
  await checkAbsent(file, OPTION)
  await writeOutput(file, new TextEncoder().encode(text), OPTION)
}

/** The first sentence of the comment that an example begins with. */
const about = ({ text }: Example): string => /^# (.*?)[.:]?$/m.exec(text)?.[1] ?? ''
