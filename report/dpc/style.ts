/** Cells in words, in the colours of their operations. */
export const STYLE = `
.branches{min-width:300px}.branch{white-space:nowrap;margin-right:12px}.branch.conv1x1{color:var(--quiet)}.branch.atrous{color:var(--accent)}.branch.pyramid-pooling{color:var(--baseline)}
`
