import { decodeText } from '../../../nas/decode-text.ts'
import { TrellisError } from '../../../nas/errors.ts'
import { LEVEL_STRIDES } from '../../../nas/nets/detection/pyramid.ts'
import type { AutoFpnConfig } from '../../../nas/pipelines/auto-fpn/config.ts'
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
 * @throws TrellisError `not-found` for a run without a detector, `invalid-genotype` for a file that has none for four levels
 */
export async function readGenotype({ search, store }: AutoFpnConfig): Promise<AutoFpnGenotype | undefined> {
  if (search.genotype === undefined) return undefined
  const genotype = isRunName(search.genotype)
    ? await foundBy(search.genotype, store)
    : await readGenotypeFile(search.genotype)
  const levels = genotype.neck?.levels ?? LEVEL_STRIDES.length
  if (levels === LEVEL_STRIDES.length) return genotype
  throw new TrellisError(
    GENOTYPE.code,
    `search.genotype: the neck in ${originOf(search.genotype)} has ${levels} levels, and detectors have ${LEVEL_STRIDES.length}`,
    { fix: GENOTYPE.fix },
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
