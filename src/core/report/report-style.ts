/** How a report looks, on a screen and on paper. Constant text: the page names its hash and takes no other style. */
export const REPORT_STYLE = `
:root {
  --paper: #fbfbfa; --ink: #1b1c1e; --quiet: #6a6d72; --line: #dcdcd8; --mat: #eeeeeb;
  --safe: #0b7a3b; --bad: #b4231a; --bad-mat: #fbe9e7; --care: #8a5a00; --care-mat: #fdf3dc;
  color-scheme: light;
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { max-width: 1240px; margin: 0 auto; padding: 40px 32px 56px; }
h1, h2, h3, p, ul, dl, dd, table, figure { margin: 0; }
h1 { font-size: 34px; line-height: 1.15; letter-spacing: -0.015em; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 21px; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin: 52px 0 16px; }
h3 { font-size: 13px; font-weight: 600; color: var(--quiet); margin: 30px 0 10px; padding-bottom: 6px; border-bottom: 1px solid var(--line); display: flex; justify-content: space-between; gap: 16px; }
h3 bdi { color: var(--ink); overflow-wrap: anywhere; }
.kicker { font-size: 12px; letter-spacing: 0.09em; text-transform: uppercase; color: var(--quiet); margin-bottom: 6px; }
.lead { font-size: 17px; color: var(--quiet); margin-top: 10px; max-width: 62em; }
.lead b { color: var(--ink); font-weight: 600; }

.verdict { margin-top: 28px; border-radius: 10px; padding: 24px 28px; display: flex; gap: 24px; align-items: flex-start; break-inside: avoid; }
.verdict .sign { flex: none; width: 60px; height: 60px; border-radius: 50%; font-size: 36px; line-height: 60px; text-align: center; font-weight: 700; }
.verdict strong { display: block; font-size: 30px; line-height: 1.15; letter-spacing: 0.01em; font-weight: 750; }
.verdict em { font-style: normal; font-weight: 600; }
.verdict p { margin-top: 6px; }
.verdict ul { margin-top: 12px; padding-left: 1.2em; }
.verdict li { margin-top: 5px; overflow-wrap: anywhere; }
.safe { background: var(--safe); color: #fff; }
.safe .sign { background: #fff; color: var(--safe); }
.unsafe { background: var(--bad-mat); color: #3c0c08; border: 3px solid var(--bad); border-left-width: 18px; }
.unsafe strong { color: var(--bad); }
.unsafe .sign { background: var(--bad); color: #fff; }

.warnings { margin-top: 20px; padding: 14px 20px; background: var(--care-mat); border-left: 6px solid var(--care); border-radius: 6px; break-inside: avoid-page; color: #3d2a02; }
.warnings b { color: var(--care); }
.warnings ul { padding-left: 1.2em; margin-top: 4px; }
.warnings li { margin-top: 3px; overflow-wrap: anywhere; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); gap: 26px 36px; margin-top: 36px; }
.facts section { break-inside: avoid; }
.facts h2 { font-size: 12px; letter-spacing: 0.08em; text-transform: uppercase; color: var(--quiet); margin: 0 0 8px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
.facts dl { display: grid; grid-template-columns: auto 1fr; row-gap: 3px; }
.facts dt { padding-right: 16px; }
.facts dt { color: var(--quiet); }
.facts dd { text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.facts .total { border-top: 1px solid var(--line); padding-top: 3px; font-weight: 600; color: var(--ink); }

table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: 12px; font-weight: 600; color: var(--quiet); padding: 0 16px 6px 0; border-bottom: 1px solid var(--line); }
td { padding: 9px 16px 9px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td small, .quiet { color: var(--quiet); font-size: 13px; }
td small { display: block; }
tr, .drives { break-inside: avoid; }
.letter { display: inline-block; min-width: 26px; padding: 1px 6px; border-radius: 4px; background: var(--ink); color: var(--paper); font-weight: 700; text-align: center; }
.red { color: var(--bad); font-weight: 600; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }

.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(188px, 1fr)); gap: 18px 14px; }
.cell { break-inside: avoid; content-visibility: auto; contain-intrinsic-size: auto 190px; font-size: 12px; line-height: 1.4; min-width: 0; }
.frame { position: relative; aspect-ratio: 3 / 2; background: var(--mat); border-radius: 3px; overflow: hidden; display: flex; align-items: center; justify-content: center; }
.frame img { display: block; width: 100%; height: 100%; object-fit: contain; }
.none { text-align: center; color: var(--quiet); }
.none b { display: block; font-size: 22px; letter-spacing: 0.04em; font-weight: 600; opacity: 0.55; }
.film { position: absolute; left: 6px; bottom: 6px; padding: 0 6px; border-radius: 3px; background: #000b; color: #fff; font-size: 11px; line-height: 18px; font-variant-numeric: tabular-nums; }
.flag { position: absolute; left: 0; right: 0; top: 0; padding: 2px 8px; font-size: 12px; line-height: 18px; font-weight: 750; letter-spacing: 0.05em; text-align: center; color: #fff; }
figcaption { padding-top: 5px; overflow-wrap: anywhere; }
figcaption b { font-weight: 600; }
.about span { display: block; color: var(--quiet); font-variant-numeric: tabular-nums; }
.about .more, h3 .more { display: inline; color: var(--quiet); }
.gone .frame, .partly .frame { outline: 3px solid var(--bad); outline-offset: 0; }
.gone .flag { background: repeating-linear-gradient(135deg, #b4231a 0 9px, #8f150d 9px 18px); }
.partly .frame { outline-color: var(--care); }
.partly .flag { background: var(--care); }

.losses h2 { color: var(--bad); }
.loss { display: grid; grid-template-columns: 300px 1fr; gap: 24px; padding: 18px 0; border-top: 1px solid var(--line); break-inside: avoid; }
.loss h3 { display: block; margin: 0 0 4px; padding: 0; border: 0; font-size: 17px; color: var(--ink); overflow-wrap: anywhere; }
.loss p { margin-top: 6px; overflow-wrap: anywhere; }
.loss .frame { border-radius: 4px; }
.names { columns: 3 220px; column-gap: 28px; font-size: 13px; padding: 0; list-style: none; }
.names li { break-inside: avoid; padding: 2px 0; overflow-wrap: anywhere; }
footer { margin-top: 56px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--quiet); font-size: 13px; }
footer p { margin-top: 4px; }

@media (max-width: 620px) {
  body { padding: 22px 16px 40px; }
  h1 { font-size: 26px; }
  .verdict { padding: 18px; gap: 16px; }
  .verdict .sign { width: 44px; height: 44px; line-height: 44px; font-size: 26px; }
  .verdict strong { font-size: 23px; }
  .sheet { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .loss { grid-template-columns: 1fr; gap: 10px; }
  .drives, .drives tbody, .drives tr, .drives td { display: block; border: 0; padding: 2px 0; }
  .drives tr { padding: 10px 0; border-bottom: 1px solid var(--line); }
  .drives thead { display: none; }
}
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #17181a; --ink: #ececea; --quiet: #9b9ea4; --line: #323438; --mat: #232528; --safe: #12803f; --bad: #e5534a; --bad-mat: #2c1614; --care: #e0a63a; --care-mat: #2a220f; color-scheme: dark; }
  .unsafe { color: #f6dedb; }
  .warnings { color: #efe3c6; }
  .unsafe .sign, .partly .flag { color: #17181a; }
}
@page { size: A4; margin: 13mm 12mm 15mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #6a6d72; } }
@media print {
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  html { background: #fff; font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  h1 { font-size: 22pt; }
  footer { margin-top: 8mm; break-inside: avoid; }
  h2 { margin: 9mm 0 3mm; font-size: 14pt; break-after: avoid; }
  h3 { margin: 5mm 0 2mm; font-size: 8.5pt; break-after: avoid; }
  .kicker { font-size: 8pt; }
  .lead { font-size: 10.5pt; }
  .verdict { margin-top: 6mm; padding: 5mm 6mm; gap: 5mm; }
  .verdict strong { font-size: 20pt; }
  .verdict .sign { width: 13mm; height: 13mm; line-height: 13mm; font-size: 20pt; }
  .facts { grid-template-columns: repeat(3, 1fr); gap: 5mm 7mm; margin-top: 7mm; }
  .facts h2, th { font-size: 8pt; }
  .sheet { grid-template-columns: repeat(4, 1fr); gap: 4mm 3mm; }
  .cell { content-visibility: visible; font-size: 7pt; line-height: 1.35; }
  figcaption { padding-top: 1mm; }
  .flag, .film { font-size: 7pt; line-height: 11pt; }
  .loss { grid-template-columns: 62mm 1fr; gap: 6mm; padding: 4mm 0; }
  .loss h3 { font-size: 11pt; }
  code, td small, .quiet, footer, .names { font-size: 8pt; }
}
`;
