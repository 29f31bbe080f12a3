/** Settings of the released code, and what its networks count for 150 classes at 512x512 and 448x448 pixels. */
export const PUBLISHED = [
  {
    name: 'TopFormer-B',
    file: {
      config: {
        stem: 16,
        cfg: [
          [3, 1, 16, 1],
          ...[
            [3, 4, 32, 2],
            [3, 3, 32, 1],
          ],
          ...[
            [5, 3, 64, 2],
            [5, 3, 64, 1],
          ],
          ...[
            [3, 3, 128, 2],
            [3, 3, 128, 1],
          ],
          ...[
            [5, 6, 160, 2],
            [5, 6, 160, 1],
            [3, 6, 160, 1],
          ],
        ],
        channels: [32, 64, 128, 160],
        outc: 256,
        embed_idx: [2, 4, 6, 9],
        key_dim: 16,
        heads: 8,
        attn: 2,
        mlp: 2,
        depths: 4,
      },
    },
    parameters: 5062646,
    parts: { pyramid: 969244672, semantics: 228261888 + 6291456, injection: 122683392, head: 425721856 },
    at: [
      { side: 512, multiplyAdds: 1745911808 + 6291456, mmcvFlops: 1813471232 },
      { side: 448, multiplyAdds: 1336713728 + 3687936, mmcvFlops: 1388438912 },
    ],
  },
  {
    name: 'TopFormer-T',
    file: {
      config: {
        stem: 16,
        cfg: [
          [3, 1, 16, 1],
          ...[
            [3, 4, 16, 2],
            [3, 3, 16, 1],
          ],
          ...[
            [5, 3, 32, 2],
            [5, 3, 32, 1],
          ],
          ...[
            [3, 3, 64, 2],
            [3, 3, 64, 1],
          ],
          ...[
            [5, 6, 96, 2],
            [5, 6, 96, 1],
          ],
        ],
        channels: [16, 32, 64, 96],
        outc: 128,
        embed_idx: [2, 4, 6, 8],
        key_dim: 16,
        heads: 4,
        attn: 2,
        mlp: 2,
        depths: 4,
        is_dw: true,
      },
    },
    parameters: 1389654,
    parts: { pyramid: 354631680, semantics: 65708032 + 3145728, injection: 31457280, head: 79167488 },
    at: [
      { side: 512, multiplyAdds: 530964480 + 3145728, mmcvFlops: 576544768 },
      { side: 448, multiplyAdds: 406519680 + 1843968, mmcvFlops: 441417088 },
    ],
  },
  {
    name: 'Efficient-TopFormer-S',
    file: {
      config: {
        stem: 16,
        cfg: [
          [5, 1, 16, 1],
          ...[[3, 4, 16, 2]],
          ...[
            [3, 2, 48, 2],
            [3, 2, 48, 1],
          ],
          ...[
            [5, 4, 96, 2],
            [5, 4, 96, 1],
          ],
          ...[
            [5, 5, 136, 2],
            [5, 5, 136, 1],
            [5, 5, 136, 1],
            [5, 5, 136, 1],
          ],
        ],
        channels: [16, 48, 96, 136],
        outc: 192,
        embed_idx: [1, 3, 5, 9],
        key_dim: [16, 12, 18, 18],
        heads: [6, 4, 6, 10],
        attn: [1.8, 1.8, 2.2, 2.4],
        mlp: [1.8, 1.8, 1.8, 2.2],
        depths: [1, 1, 2, 2],
      },
    },
    parameters: 4553486,
    parts: { pyramid: 590714880, semantics: 219073920 + 9420800, injection: 70189056, head: 268959744 },
    at: [
      { side: 512, multiplyAdds: 1148937600 + 9420800, mmcvFlops: 1196690560 },
      { side: 448, multiplyAdds: 879655350 + 5522300, mmcvFlops: 916216210 },
    ],
  },
] as const
