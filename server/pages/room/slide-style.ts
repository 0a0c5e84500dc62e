/** How the slide looks: black on white, as large as its text lets it be, on one screen and on one printed page. */
import { type Html, html } from '../../html.ts'

/** What one screen of 1280 × 720 leaves for the text, in square hundredths of its width. */
const AREA = 2500
/** What the end of a message's last line leaves empty, in letters. */
const RAGGED_LETTERS = 45
const LARGEST = 3
const SMALLEST = 0.8

/** The size of its letters in hundredths of the screen's width: a letter takes about 0.7 of its square. */
export function slideStyle(letters: number, messages: number): Html {
  const fits = Math.sqrt(AREA / (0.72 * Math.max(1, letters + messages * RAGGED_LETTERS)))
  const size = Math.min(LARGEST, Math.max(SMALLEST, fits)).toFixed(2)
  return html`<style>:root{--size:${size};--unit:min(1vw,1.7778vh);color-scheme:light}
*{box-sizing:border-box}
body{margin:0;min-block-size:100vh;display:flex;flex-direction:column;background:#fff;color:#000;padding:calc(2*var(--unit)) calc(3*var(--unit));font:calc(1.5*var(--unit))/1.25 system-ui,'Noto Sans',sans-serif;overflow-wrap:break-word}
:lang(ar){line-height:1.4}
h1,p{margin:0}h1{font-size:calc(2.4*var(--unit));line-height:1.15}
main{flex:1;display:flex;align-items:center;padding-block:calc(.8*var(--unit))}
ol{list-style:none;margin:0;padding:0;inline-size:100%}
li{display:grid;grid-template-columns:calc(3.5*var(--unit)) calc(15*var(--unit)) 1fr;column-gap:calc(1*var(--unit));padding-block:calc(.5*var(--unit));border-block-start:2px solid #000}
li div{font-size:calc(var(--size)*var(--unit));line-height:1.25}li div:lang(ar){line-height:1.4}
li div>*{margin:0}
.number{font-size:calc(2.6*var(--unit));line-height:1}
.what span{display:block}
[data-kind=divergent_view] div{border-inline-start:4px dashed #000;padding-inline-start:calc(1*var(--unit))}
footer{border-block-start:4px solid #000;padding-block-start:calc(.6*var(--unit));font-weight:700;display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 2em}
a{color:#000}[aria-current]{text-decoration:none}
@media(max-width:48rem){body{padding:1rem;font-size:1rem}h1{font-size:1.5rem}li{grid-template-columns:2rem 1fr;row-gap:.3rem;padding-block:.7rem}li div{grid-column:1/-1;font-size:1.15rem}.number{font-size:1.6rem}}
@media print{@page{size:A4 landscape;margin:0}:root{--unit:1vw}body{min-block-size:0;block-size:100vh}.languages{display:none}}
</style>`
}
