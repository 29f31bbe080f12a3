/* Chunks of PNG files, where no library gives what they hold (PNG specification, sections 5 and 11). */

export interface PngHeader {
  readonly height: number
  readonly width: number
  /** Bits of a value: of a palette index, of a channel. */
  readonly depth: number
  readonly channels: number
  /** By Adam7. */
  readonly interlaced: boolean
}

const SIGNATURE = 8
/** Length and type before a chunk's data, CRC after it. */
const [BEFORE, AFTER] = [8, 4]
const PALETTE = 3
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, [PALETTE]: 1, 4: 2, 6: 4 }

/** The chunk IHDR; undefined where there is none. */
export function readPngHeader(bytes: Uint8Array): PngHeader | undefined {
  const [header] = chunks(bytes)
  if (header?.type !== 'IHDR') return undefined
  const view = new DataView(header.data.buffer, header.data.byteOffset)
  const channels = CHANNELS[view.getUint8(9)]
  if (channels === undefined) return undefined
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: view.getUint8(8),
    channels,
    interlaced: view.getUint8(12) === 1,
  }
}

/** The same values, of a grey or palette PNG, as indices into a palette of which colour i is the grey i: so they are its colours. */
export function underGreys(bytes: Uint8Array): Uint8Array {
  const palette = Uint8Array.from({ length: 3 * 2 ** readPngHeader(bytes)!.depth }, (_, i) =>
    Math.floor(i / 3),
  )
  const written = [...chunks(bytes)].flatMap(({ type, data, whole }) => {
    if (type === 'IHDR') return [pngChunk(type, data.with(9, PALETTE)), pngChunk('PLTE', palette)]
    return type === 'IDAT' || type === 'IEND' ? [whole] : []
  })
  return Buffer.concat([bytes.subarray(0, SIGNATURE), ...written])
}

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
  /** With length, type and CRC. */
  readonly whole: Uint8Array
}

function* chunks(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = SIGNATURE; start + BEFORE <= bytes.length; ) {
    const data = start + BEFORE
    const end = data + view.getUint32(start)
    if (end + AFTER > bytes.length) return
    const type = Buffer.from(bytes.subarray(start + 4, data)).toString('latin1')
    yield { type, data: bytes.subarray(data, end), whole: bytes.subarray(start, end + AFTER) }
    start = end + AFTER
  }
}

/** With its length and CRC. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(BEFORE + data.length + AFTER)
  whole.writeUInt32BE(data.length)
  whole.write(type, 4, 'latin1')
  whole.set(data, BEFORE)
  whole.writeUInt32BE(crc32(whole.subarray(4, -AFTER)), BEFORE + data.length)
  return whole
}

/** zlib has it from Node 20.15 on. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}
