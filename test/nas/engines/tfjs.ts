import '@tensorflow/tfjs-backend-cpu'
import * as library from '@tensorflow/tfjs-core'
import type { TensorFlow } from '../../../nas/graph/op.ts'

// Its advice to install the node backend is not for tests.
library.env().set('IS_TEST', true)

/** TensorFlow.js in plain JavaScript: slow, and the same arithmetic. */
export const tf: TensorFlow = library
