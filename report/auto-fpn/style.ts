/** Pictures side by side, and what dashes in them stand for. */
export const STYLE = `
h4{font-size:14px;margin:0 0 8px}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:14px;margin:12px 0}.pictures img{width:100%;display:block;border-radius:6px}
.key .truth{border-radius:0;height:0;width:18px;background:none;border-top:3px dashed var(--ink);vertical-align:3px}
`
