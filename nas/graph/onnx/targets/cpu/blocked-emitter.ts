import { OnnxEmitter } from '../../emitter.ts'

/** An emitter that knows in which layouts maps are (nchwc.ts). */
export class BlockedEmitter extends OnnxEmitter {
  /** Channels of an NCHWc block; 0 where there is no such layout. */
  readonly block: number
  /** NCHWc layouts, by the names of the maps. */
  readonly nchwc = new Map<string, string>()
  /** Maps that are another map times a scale by channel, [C]; the product is computed only if something reads it. */
  readonly deferredScales = new Map<string, { readonly map: string; readonly scale: string }>()

  constructor(options: Pick<BlockedEmitter, 'opset' | 'dynamic' | 'block'>) {
    super(options)
    this.block = options.block
  }
}
