import type { DenseNasGenotype } from './genotype.ts'
import { fromNetConfig } from './net-config.ts'

/** Networks that the authors have published, by name: of the paper's first version, and of CVPR 2020. */
export const KNOWN_DENSENAS = {
  'densenas-v1-c': fromNetConfig(`
    [[16, 16], 'mbconv_k3_t1', [], 0, 1]|
    [[16, 24], 'mbconv_k5_t3', ['mbconv_k5_t3', 'mbconv_k3_t3'], 2, 2]|
    [[24, 48], 'mbconv_k5_t6', [], 0, 2]|
    [[48, 80], 'mbconv_k5_t6', ['mbconv_k7_t3', 'mbconv_k5_t3', 'mbconv_k3_t3'], 3, 2]|
    [[80, 112], 'mbconv_k3_t3', ['mbconv_k3_t3'], 1, 1]|
    [[112, 160], 'mbconv_k7_t6', ['mbconv_k7_t3', 'mbconv_k7_t3'], 2, 2]|
    [[160, 352], 'mbconv_k5_t6', ['mbconv_k3_t3'], 1, 1]|
    [[352, 416], 'mbconv_k3_t3', [], 0, 1]|
    [[416, 480], 'mbconv_k3_t3', [], 0, 1]`),
  'densenas-c': fromNetConfig(`
    [[16, 16], 'mbconv_k3_t1', [], 0, 1]|
    [[16, 24], 'mbconv_k3_t6', [], 0, 2]|
    [[24, 48], 'mbconv_k7_t6', ['mbconv_k3_t3'], 1, 2]|
    [[48, 72], 'mbconv_k5_t6', ['mbconv_k3_t6', 'mbconv_k3_t3'], 2, 2]|
    [[72, 128], 'mbconv_k3_t6', ['mbconv_k3_t3', 'mbconv_k3_t3'], 2, 1]|
    [[128, 160], 'mbconv_k3_t6', ['mbconv_k7_t3', 'mbconv_k5_t6', 'mbconv_k7_t3'], 3, 2]|
    [[160, 176], 'mbconv_k3_t3', ['mbconv_k3_t6', 'mbconv_k3_t6', 'mbconv_k3_t6'], 3, 1]|
    [[176, 384], 'mbconv_k7_t6', [], 0, 1]|
    [[384, 1984], 'conv1_1']`),
} as const satisfies Record<string, DenseNasGenotype>
