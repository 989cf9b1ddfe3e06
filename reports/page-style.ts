/** The page's style: one column of text, tables that scroll by themselves on a narrow screen, light and dark by the reader's setting, and ink-saving in print. */
export const pageStyle = `
:root{--surface:#fff;--page:#f5f7f9;--text:#1f2329;--muted:#57606b;--line:#d5dbe2;--link:#0063a0;--right:#00694e;--wrong:#a63d00;--failed:#fff0cf}
@media (prefers-color-scheme:dark){:root{--surface:#161b23;--page:#0e1218;--text:#e6edf3;--muted:#a3adb9;--line:#343b45;--link:#6cbdf0;--right:#3fd0a3;--wrong:#f59a63;--failed:#4a3a10}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main{max-width:72rem;margin:0 auto;padding:0 1rem}
header{padding-top:2rem}
h1{font-size:clamp(1.5rem,1.1rem + 2vw,2.1rem);line-height:1.2;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 .75rem}
header p{color:var(--muted);margin:0 0 1rem;max-width:60rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0 0 1rem;padding:0}
a{color:var(--link)}
section{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:1.25rem;margin:0 0 1.25rem}
p{margin:0 0 1rem;max-width:60rem;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:0 0 .5rem}
.scroll:focus-visible,pre:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:0 0 .5rem}
caption bdi{display:inline-block;position:sticky;left:0;max-width:min(60rem,calc(100vw - 3rem))}
th,td{padding:.4rem .45rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{border-bottom:2px solid var(--line);vertical-align:bottom;min-width:3.5rem;max-width:9rem}
thead .number{white-space:normal}
tbody th{font-weight:500;white-space:nowrap;width:1%;position:sticky;left:0;background:var(--surface)}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td:not(.number){overflow-wrap:break-word;min-width:6rem;max-width:48rem}
[data-mark=failed]{background:var(--failed)}
[data-mark=right] .sign{color:var(--right)}
[data-mark=wrong] .sign{color:var(--wrong)}
.note{color:var(--muted);font-size:.85rem;margin:0 0 .5rem}
.scroll+.scroll,.note+.scroll{margin-top:1.5rem}
figure{margin:0}
figure{max-width:36rem}
img{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:6px}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem;align-items:start;margin:0 0 1rem}
dl{margin:0 0 1rem}
dl div{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:0 1rem;padding:.3rem 0;border-bottom:1px solid var(--line)}
dt{font-weight:600;overflow-wrap:anywhere}
dd{margin:0;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--page);border:1px solid var(--line);border-radius:6px;padding:.75rem;font:.85rem/1.5 ui-monospace,"DejaVu Sans Mono",monospace;margin:0 0 1rem}
@media (max-width:40rem){th,td{padding:.35rem .4rem}tbody th{white-space:normal;min-width:6rem}section{padding:1rem .75rem;border-radius:6px}dl div{grid-template-columns:1fr}header,main{padding-left:.5rem;padding-right:.5rem}}
@media print{:root{--surface:#fff;--page:#fff;--text:#000;--muted:#333;--line:#bbb;--link:#000;--right:#000;--wrong:#000;--failed:#eee}body{font-size:10pt}nav{display:none}section{border:0;padding:0;margin:0 0 1.5rem}figure,tr,caption{break-inside:avoid}.scroll{overflow:visible}thead{display:table-header-group}}
`;
