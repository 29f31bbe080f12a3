/**
 * The look of a report: system fonts, one accent, light or dark as the reader prefers, and paper. A pipeline adds its own.
 * What scrolls sideways has a shade at an edge beyond which there is more: backgrounds that scroll with it cover those that do not.
 */
export const STYLE = `
:root{color-scheme:light dark;--ink:#17211d;--quiet:#586660;--line:#dce2de;--paper:#fff;--soft:#f4f6f4;--accent:#0b7a68;--accent-soft:#d8ece7;--baseline:#b4600c;--bad:#b3261e;--dot:#84938c}
@media(prefers-color-scheme:dark){:root{--ink:#e5ebe8;--quiet:#98a59f;--line:#303a36;--paper:#121715;--soft:#1a211e;--accent:#4cc9b0;--accent-soft:#1d3a34;--baseline:#e8a24c;--bad:#ff8a80;--dot:#75847d}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
header,main,footer,nav ul{max-width:1080px;margin:0 auto;padding:0 28px}
header{padding-top:56px;padding-bottom:32px}
h1{font-size:clamp(28px,4vw,40px);line-height:1.15;letter-spacing:-.02em;margin:6px 0 14px;overflow-wrap:anywhere}
h2{font-size:24px;line-height:1.2;letter-spacing:-.01em;margin:0 0 10px}
h3{font-size:15px;margin:0 0 10px}
p{margin:0 0 14px;max-width:68ch}
a{color:var(--accent)}
.eyebrow,.quiet,figcaption,dt,th,footer{color:var(--quiet)}
.eyebrow{font-size:13px;letter-spacing:.04em;margin:0}
.lede{font-size:20px;line-height:1.45;margin:0 0 18px}
.state{font-weight:600;color:var(--accent)}.state.failed{color:var(--bad)}.state.running{color:var(--baseline)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));border:1px solid var(--line);border-radius:10px;margin:28px 0 0;overflow:hidden}
.tiles div{padding:14px 18px;box-shadow:1px 1px 0 var(--line)}
.tiles dt{font-size:13px}.tiles dd{margin:2px 0 0;font-size:22px;font-weight:600;letter-spacing:-.01em}.tiles dd small{display:block;font-size:13px;font-weight:400;letter-spacing:0;color:var(--quiet)}
.notes{list-style:none;margin:24px 0 0;padding:0;display:grid;gap:8px}
.notes li{border-left:3px solid var(--line);padding:2px 0 2px 14px;max-width:76ch}
.notes .warning{border-color:var(--baseline)}
nav{position:sticky;top:0;z-index:1;background:var(--paper);border-block:1px solid var(--line);font-size:14px}
nav ul{list-style:none;display:flex;gap:22px;overflow-x:auto;padding-top:10px;padding-bottom:10px;white-space:nowrap}
nav a{display:inline-block;color:var(--quiet);text-decoration:none}nav a::first-letter{text-transform:uppercase}nav a:hover{color:var(--ink)}
section{padding:48px 0 8px;scroll-margin-top:28px}section+section{border-top:1px solid var(--line)}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:32px 48px;align-items:start;margin-top:18px}
figure{margin:18px 0 26px;min-width:0}figure svg{display:block;max-width:100%;height:auto}.narrow{display:none}
figcaption{font-size:14px;margin-top:8px;max-width:76ch}
.cell{overflow-x:auto}.cell svg{margin:0 auto}
.facts+p{margin-top:18px}
header .quiet{max-width:none}
.facts{display:grid;grid-template-columns:auto minmax(0,1fr);gap:7px 20px;margin:0;font-size:16px}.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:0;margin:0 0 6px;font-size:14px;color:var(--quiet)}
.key i,.swatch{display:inline-block;width:11px;height:11px;border-radius:50%;margin-right:7px;vertical-align:-1px;background:var(--colour)}
.swatch{border-radius:3px;border:1px solid color-mix(in srgb,var(--ink) 25%,transparent)}
.strip{margin:0 0 14px}.strip img{width:100%;display:block;border-radius:6px;image-rendering:auto}
.captions{display:grid;grid-template-columns:repeat(3,1fr);font-size:14px;color:var(--quiet);margin:0 0 6px;text-align:center}
nav ul,.scroll,.cell,pre{--shade:color-mix(in srgb,var(--ink) 32%,transparent);--under:var(--paper);background:linear-gradient(to right,var(--under) 40%,transparent) 0 0/44px 100% no-repeat local,linear-gradient(to left,var(--under) 40%,transparent) 100% 0/44px 100% no-repeat local,linear-gradient(to right,var(--shade),transparent) 0 0/16px 100% no-repeat,linear-gradient(to left,var(--shade),transparent) 100% 0/16px 100% no-repeat var(--under)}
.scroll{overflow-x:auto;margin:14px 0 8px}.scroll.tall{max-height:640px;overflow-y:auto;border-block:1px solid var(--line)}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{padding:7px 14px 7px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
tbody tr:last-child td{border-bottom:0}
th{font-weight:500;white-space:nowrap}.sortable thead th{white-space:normal;vertical-align:bottom}.sortable th button{text-align:inherit}.tall thead th{position:sticky;top:0;background:var(--paper);box-shadow:0 1px 0 var(--line)}
.number{text-align:right;white-space:nowrap}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}th button:hover{color:var(--ink)}
th button::after{content:"↕";opacity:.45;margin-left:5px}th[aria-sort=ascending] button::after{content:"↑";opacity:1}th[aria-sort=descending] button::after{content:"↓";opacity:1}
tr.winner{background:var(--accent-soft)}tr.baseline td:first-child{box-shadow:inset 3px 0 var(--baseline)}tr.winner td:first-child{box-shadow:inset 3px 0 var(--accent)}
tr.winner td:first-child,tr.baseline td:first-child{padding-left:10px}
tfoot td{border-top:1px solid var(--ink);border-bottom:0;font-weight:600}
.bad{color:var(--bad)}
.bar{display:block;height:8px;border-radius:2px;background:var(--accent);min-width:1px;width:var(--share)}
.rail{position:relative;padding:6px 0}.track{min-width:120px;width:40%;vertical-align:middle}
.mark{position:absolute;left:var(--share);top:0;bottom:0;border-left:2px solid var(--ink)}
.nowrap{white-space:nowrap}
pre{--under:var(--soft);border-radius:8px;padding:16px 18px;overflow:auto;max-height:460px;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.confusion th[scope=col]{vertical-align:bottom;padding:0 0 6px;text-align:center}.confusion th span{writing-mode:vertical-rl;transform:rotate(180deg)}
.confusion th[scope=row]{text-align:left}.confusion .right,.confusion .wrong{min-width:32px;padding:7px 4px;text-align:center;background:color-mix(in srgb,var(--colour) calc(var(--share)*.6),transparent)}.confusion .right{--colour:var(--accent)}.confusion .wrong{--colour:var(--baseline)}
footer{font-size:13px;padding-top:28px;padding-bottom:48px;overflow-wrap:anywhere}
@media(max-width:700px){figure{overflow-x:auto}figure svg{max-width:none}.wide{display:none}.narrow{display:block}.narrow svg{width:100%;max-width:480px}}
@media print{nav{display:none}body{font-size:12px}header{padding-top:0}section{padding:20px 0 0}figure,tr,.strip,.tiles{break-inside:avoid}.scroll.tall,pre{max-height:none;overflow:visible}th button::after{content:""}}
`
