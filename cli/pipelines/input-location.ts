import { basename, dirname } from 'node:path'
import { TrellisError } from '../../nas/errors.ts'
import { type InputKind, readInput } from '../../nas/store/input-file.ts'
import { openStore } from '../../nas/store/open.ts'

/**
 * All bytes of a file that a configuration names.
 * @param file a path or an `s3://` address
 * @throws TrellisError of the kind's code where it cannot be read
 */
export async function readInputAt(file: string, kind: InputKind): Promise<Uint8Array> {
  if (!file.startsWith('s3://')) return readInput(file, kind)
  const bytes = await openStore(dirname(file)).get(basename(file))
  if (bytes !== undefined) return bytes
  throw new TrellisError(kind.code, `cannot read ${file}: there is no such object`, { fix: kind.fix })
}
