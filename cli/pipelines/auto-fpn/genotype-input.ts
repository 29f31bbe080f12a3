import { decodeText } from '../../../nas/decode-text.ts'
import { TrellisError } from '../../../nas/errors.ts'
import { type AutoFpnConfig, levelsOf, searchableOf } from '../../../nas/pipelines/auto-fpn/config.ts'
import { autoFpn } from '../../../nas/pipelines/auto-fpn/index.ts'
import { isRunName, originOf } from '../../../nas/pipelines/auto-fpn/origin.ts'
import { runOf } from '../../../nas/pipelines/run.ts'
import { type AutoFpnGenotype, parseAutoFpnGenotype } from '../../../nas/spaces/auto-fpn/genotype.ts'
import { type InputKind, MEGABYTE } from '../../../nas/store/input-file.ts'
import { openStore } from '../../../nas/store/open.ts'
import { findRunByFullName } from '../../find-run.ts'
import { readInputAt } from '../input-location.ts'
import { readComparison } from './trained.ts'

/**
 * What `search.genotype` names, if anything.
 * @throws TrellisError `not-found` for a run without a detector, `invalid-genotype` for a file that has none for detectors of the run
 */
export async function readGenotype(config: AutoFpnConfig): Promise<AutoFpnGenotype | undefined> {
  const { search, store } = config
  if (search.genotype === undefined) return undefined
  const genotype = isRunName(search.genotype)
    ? await foundBy(search.genotype, store)
    : await readGenotypeFile(search.genotype)
  const wanted = levelsOf(config)
  const levels = genotype.neck?.levels ?? wanted
  if (levels !== wanted)
    throw new TrellisError(
      GENOTYPE.code,
      `search.genotype: the neck in ${originOf(search.genotype)} has ${levels} levels, and detectors have ${wanted}`,
      { fix: GENOTYPE.fix },
    )
  if (genotype.head === undefined || searchableOf(config).includes('head')) return genotype
  throw new TrellisError(
    GENOTYPE.code,
    `search.genotype: ${originOf(search.genotype)} has a head, and one-stage detectors have SSD's`,
    { fix: 'give a genotype with a neck alone, or leave detector.kind out' },
  )
}

async function foundBy(run: string, location: string): Promise<AutoFpnGenotype> {
  const store = openStore(location)
  runOf(await findRunByFullName(store, run), autoFpn)
  return (await readComparison(store, run)).winner.genotype
}

const GENOTYPE: InputKind = {
  what: 'genotype',
  limit: MEGABYTE,
  code: 'invalid-genotype',
  fix: 'give search.genotype a run of auto-fpn, or its decoded/genotype.json',
}

async function readGenotypeFile(file: string): Promise<AutoFpnGenotype> {
  const bytes = await readInputAt(file, GENOTYPE)
  let json: unknown
  try {
    json = JSON.parse(decodeText(bytes, file, GENOTYPE.code))
  } catch (cause) {
    if (cause instanceof TrellisError) throw cause
    throw new TrellisError(GENOTYPE.code, `search.genotype: ${file} is not valid JSON`, {
      fix: GENOTYPE.fix,
      cause,
    })
  }
  return parseAutoFpnGenotype(json)
}
