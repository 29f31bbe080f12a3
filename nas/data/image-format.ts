/** Names of files that are read as images; their content decides how. */
export const IMAGE = /\.(jpe?g|jpe|jfif|png|webp|tiff?|gif|avif)$/i

/** Names of files that hold images, and are not read. */
export const OTHER_IMAGE =
  /\.(bmp|dib|hei[cf]|hif|jp2|j2k|jpf|jpx|jxl|psd|svgz?|p[bgnp]m|tga|exr|hdr|dds|ico|pcx|raw|dng|nef|cr[23]|arw|orf|rw2|raf|dcm|nii)$/i

/** The formats that are read. */
export const READABLE = ['JPEG', 'PNG', 'WebP', 'TIFF', 'GIF', 'AVIF'] as const
export type ImageFormat = (typeof READABLE)[number]

/** What the first bytes of a file, as Latin-1, look like. */
const SIGNATURES: readonly (readonly [format: string, offset: number, ...starts: readonly string[]])[] = [
  ['JPEG', 0, '\xff\xd8\xff'],
  ['PNG', 0, '\x89PNG\r\n\x1a\n'],
  ['WebP', 8, 'WEBP'],
  ['TIFF', 0, 'II*\0', 'MM\0*', 'II+\0', 'MM\0+'],
  ['GIF', 0, 'GIF87a', 'GIF89a'],
  ['AVIF', 4, 'ftypavif', 'ftypavis'],
  ['HEIC', 4, 'ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1'],
  ['BMP', 0, 'BM'],
  ['JPEG 2000', 0, '\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'],
  ['JPEG XL', 0, '\xff\x0a', '\0\0\0\x0cJXL '],
  ['Photoshop file', 0, '8BPS'],
  ['PDF', 0, '%PDF'],
  ['Git LFS pointer', 0, 'version https://git-lfs'],
  ['SVG', 0, '<svg', '<?xml'],
  ['web page', 0, '<!doctype html', '<!DOCTYPE html', '<html', '<HTML'],
]

/** The format that the content of a file has; undefined for none that is known. */
export function formatOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1')
  const found = SIGNATURES.find(([, offset, ...starts]) =>
    starts.some((text) => start.startsWith(text, offset)),
  )
  // An AVIF that any reader of HEIF may open says so among its other brands.
  return found?.[0] === 'HEIC' && start.includes('avif') ? 'AVIF' : found?.[0]
}
