/** Kernels and connections in colours of their own, light and dark. */
export const STYLE = `
:root{--blue:#2a5fa5;--kernel3:#51606f;--kernel5:#2a5fa5;--kernel7:#b4600c}
@media(prefers-color-scheme:dark){:root{--blue:#7db4f2;--kernel3:#9fb0c0;--kernel5:#7db4f2;--kernel7:#e8a24c}}
td .layer{display:inline-block;font-weight:600;margin-right:10px}.kernel3{color:var(--kernel3)}.kernel5{color:var(--kernel5)}.kernel7{color:var(--kernel7)}
`
