import { joinLayouts, SHARED_LAYOUT, type StoreLayout } from '../runs/store-layout.ts'
import { contracts } from './index.ts'

/** All that any part of Trellis writes to a store. */
export const storeLayout = (): StoreLayout =>
  joinLayouts([SHARED_LAYOUT, ...contracts.all().map(([, { layout }]) => layout)])
