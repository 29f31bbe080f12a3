const ZIP = 'PK\x03\x04'
/** PyTorch writes it first, or close to it. */
const PICKLE_IN_ZIP = 'data.pkl'
const PROTO = 0x80

/**
 * Whether a file is one of `torch.save`: a zip archive around a pickle, or before PyTorch 1.6 a bare pickle. A safetensors file may
 * begin like a pickle, but the length of its header, which it begins with, has zeros in its upper half.
 */
export function isPyTorchFile(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024))
  if (start.toString('latin1', 0, ZIP.length) === ZIP) return start.includes(PICKLE_IN_ZIP)
  return (
    start[0] === PROTO && start[1]! >= 2 && start[1]! <= 5 && start.subarray(4, 8).some((byte) => byte > 0)
  )
}
