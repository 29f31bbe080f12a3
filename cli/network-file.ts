import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { TrellisError } from '../nas/errors.ts'
import { type DenseNasGenotype, parseDenseNasGenotype } from '../nas/spaces/densenas/genotype.ts'
import { fromNetConfig } from '../nas/spaces/densenas/net-config.ts'
import { fromDeepLab } from '../nas/spaces/dpc/deeplab.ts'
import { type DpcGenotype, parseDpcGenotype } from '../nas/spaces/dpc/genotype.ts'

const denseNas = z.looseObject({ space: z.literal('densenas') })

/**
 * The network in a file: a cell or a DenseNAS network as Trellis writes it, a cell as DeepLab writes it, or a DenseNAS
 * `net_config`.
 * @throws TrellisError `invalid-genotype`
 */
export function readNetworkFile(path: string): DpcGenotype | DenseNasGenotype {
  const text = readText(path)
  if (/^\s*\[\s*\[/.test(text)) return fromNetConfig(text)
  const json = parseJson(path, text)
  // DeepLab's notation is the bare list of branches.
  if (Array.isArray(json)) return fromDeepLab(json)
  return denseNas.safeParse(json).success ? parseDenseNasGenotype(json) : parseDpcGenotype(json)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw unreadable(`cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, cause)
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(`${path} is neither a JSON file nor a net_config`, cause)
  }
}

const unreadable = (message: string, cause: unknown) =>
  new TrellisError('invalid-genotype', message, {
    fix: "give a network's genotype.json, a cell's deeplab.json, or a DenseNAS net_config",
    cause,
  })
