/** The one sanitiser: what of a foreign text is printed, and what never is (SECURITY-CLASSES F). */
import { expect } from 'chai'
import {
  foreignHtml,
  markdownInline,
  markdownToHtml,
  plainName,
  plainText,
} from '../../content/text.ts'

const rel = 'rel="nofollow noopener noreferrer"'

/** What comes in, and exactly what is printed of it. */
const hostile: Record<string, [string, string][]> = {
  scripts: [
    ['<script>alert(1)</script>a', 'a'],
    ['<SCRIPT SRC=//evil.example/x.js></SCRIPT>a', 'a'],
    ['<scr<script>ipt>alert(1)</scr</script>ipt>', 'ipt&gt;alert(1)ipt&gt;'],
    ['<noscript><p title="</noscript><img src=x onerror=alert(1)>">', ''],
    ['<template><script>x</script></template>a', 'a'],
    ['<object data="x.swf"></object><embed src=x><applet code=x></applet>', ''],
    ['a<!-- <script>x</script> -->b', 'ab'],
    ['<![CDATA[<script>x</script>]]>', ''],
  ],
  'events and styles': [
    ['<p onclick="x()" onmouseover=y style="position:fixed">a</p>', '<p>a</p>'],
    ['<p/onclick=x()>a</p>', '<p>a</p>'],
    ['<style>p{background:url(//evil.example)}</style><p>a</p>', '<p>a</p>'],
    ['<details open ontoggle=x>a</details>', 'a'],
    ['<p id="login" name="x" data-x="y" class="banner">a</p>', '<p>a</p>'],
    ['<span class="h-card evil invisible">a</span>', '<span class="h-card invisible">a</span>'],
    ['<link rel=stylesheet href=//evil.example><meta http-equiv=refresh content="0">a', 'a'],
    ['<base href="//evil.example">a', 'a'],
  ],
  'forms, frames and pictures': [
    ['<form action="//evil.example"><input name=password><button>Log in</button></form>', 'Log in'],
    ['<textarea>a</textarea><select><option>b</option></select>', ''],
    ['<iframe src="//evil.example" srcdoc="<script>x</script>">a</iframe>', ''],
    ['<frameset><frame src=x></frameset>', ''],
    ['<img src=x onerror=alert(1)><picture><source srcset=x></picture>a', 'a'],
    ['<video src=x autoplay></video><audio src=x></audio>a', 'a'],
  ],
  'other languages inside HTML': [
    ['<svg><script>x</script><a href="javascript:x">b</a></svg>a', 'a'],
    ['<svg onload=x><p>b</p></svg>a', 'a'],
    ['<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">', ''],
    ['<math><mtext><table><mglyph><style><img src=x onerror=y></style></math>a', 'a'],
    ['<xmp><img src=x onerror=y></xmp>', '&lt;img src=x onerror=y&gt;'],
    ['<title><img src=x></title>a', 'a'],
  ],
  links: [
    ['<a href="javascript:alert(1)">a</a>', `<a ${rel}>a</a>`],
    ['<a href=" jAvA\tscript:alert(1)">a</a>', `<a ${rel}>a</a>`],
    ['<a href="&#106;avascript:alert(1)">a</a>', `<a ${rel}>a</a>`],
    ['<a href="data:text/html,<script>x</script>">a</a>', `<a ${rel}>a</a>`],
    ['<a href="vbscript:x">a</a>', `<a ${rel}>a</a>`],
    ['<a href="//evil.example">a</a>', `<a ${rel}>a</a>`],
    ['<a href="/host/people">a</a>', `<a ${rel}>a</a>`],
    ['<a href="ftp://a.example">a</a>', `<a ${rel}>a</a>`],
    [
      '<a href="https://a.example/?b=1&c=2" target="_blank" rel="me opener" class="mention x">a</a>',
      `<a href="https://a.example/?b=1&amp;c=2" class="mention" ${rel}>a</a>`,
    ],
    ['<a href="mailto:ana@igf.example">a</a>', `<a href="mailto:ana@igf.example" ${rel}>a</a>`],
  ],
  'broken markup': [
    ['<p>a', '<p>a</p>'],
    ['a</div></body></html>b', 'ab'],
    ['<p>a</p', '<p>a</p>'],
    ['<ul><li>a', '<ul><li>a</li></ul>'],
    ['"><b>a</b>', '"&gt;<b>a</b>'],
    ['a < b & c', 'a &lt; b &amp; c'],
    ['<h1>a</h1><h7>b</h7>', '<h2>a</h2>b'],
  ],
}

describe('HTML from elsewhere', () => {
  for (const [what, cases] of Object.entries(hostile)) {
    it(`is printed without its ${what}`, () => {
      for (const [html, printed] of cases) expect(foreignHtml(html), html).to.equal(printed)
    })
  }

  it('keeps what a post, an outcome and other scripts need', () => {
    const kept = [
      '<p lang="ar" dir="rtl">مرحبا</p>',
      '<ol start="3" reversed><li value="7">a</li></ol>',
      '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>',
      '<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>',
      '<blockquote><p>a<br />b</p></blockquote><pre><code>c &lt; d</code></pre>',
      '<h2>a</h2><h6>b</h6><hr /><p><del>c</del><sub>1</sub><sup>2</sup></p>',
    ]
    for (const html of kept) expect(foreignHtml(html)).to.equal(html)
  })

  it('stays clean when it is cleaned twice', () => {
    for (const [html] of Object.values(hostile).flat()) {
      expect(foreignHtml(foreignHtml(html)), html).to.equal(foreignHtml(html))
    }
  })
})

describe('Markdown', () => {
  it('is cleaned like anything else, and may link to pages of this server', () => {
    const cases: [string, string][] = [
      ['[a](javascript:x)', `<p><a ${rel}>a</a></p>`],
      ['[a](/meetings/2026)', `<p><a href="/meetings/2026" ${rel}>a</a></p>`],
      ['![a](https://a.example/a.png)', '<p></p>'],
      ['**a** <script>x</script>', '<p><strong>a</strong> </p>'],
      ['<b onclick=x>a</b>', '<p><b>a</b></p>'],
      ['`<script>`', '<p><code>&lt;script&gt;</code></p>'],
    ]
    for (const [markdown, html] of cases) expect(markdownToHtml(markdown)).to.equal(html)
    expect(markdownInline('*a* # b')).to.equal('<em>a</em> # b')
  })

  it('does not end in half a letter when it is cut', () => {
    for (const written of [markdownToHtml, foreignHtml, plainText, plainName, markdownInline]) {
      const html = written(`x${'🌊'.repeat(150_000)}`)
      expect(html.isWellFormed()).to.equal(true)
    }
  })
})

describe('plain words of HTML', () => {
  it('are words with a space where a block ended', () => {
    const html = '<p>a<br>b</p><ul><li>c</li><li>d &amp; e &lt;f&gt;</li></ul><script>g</script>'
    expect(plainText(html)).to.equal('a b c d & e <f>')
  })

  it('come out as they went in when they were escaped twice', () => {
    expect(plainText('<p>&amp;lt;b&amp;gt;</p>')).to.equal('&lt;b&gt;')
  })
})

describe('a name', () => {
  const cases: [string, string, string][] = [
    ['direction overrides', 'ana\u202eelpmaxe.fgi\u202c', 'ana elpmaxe.fgi'],
    ['direction isolates and marks', '\u2067ana\u2069\u200f\u061c', 'ana'],
    ['invisible letters', 'a\u200bn\ufeffa\u00ad\u2060', 'a n a'],
    ['fillers that look like nothing', '\u3164\u115f\u2800', ''],
    ['tag characters', 'a\u{e0041}\u{e0042}', 'a'],
    ['controls and line ends', 'a\u0000\n\u001b[31mb\u2028c', 'a [31mb c'],
    ['half letters', 'a\ud800b', 'a b'],
  ]
  for (const [what, text, name] of cases) {
    it(`has no ${what}`, () => expect(plainName(text)).to.equal(name))
  }

  it('is a line of at most 200 letters, in any script', () => {
    expect(plainName(`${'x'.repeat(199)}🌊🌊`)).to.equal('x'.repeat(199))
    expect(plainName('  Ana  Ndoumbé ')).to.equal('Ana Ndoumbé')
    expect(plainName('عبد الله')).to.equal('عبد الله')
    expect(plainName('<b>Ana</b>')).to.equal('<b>Ana</b>')
  })
})

const LETTERS = 60_000

const again = (part: string) => part.repeat(LETTERS / part.length)
const ticks = Array.from({ length: Math.sqrt(LETTERS * 2) }, (_, i) => '`'.repeat(i)).join('a')
const steps = Array.from({ length: Math.sqrt(LETTERS) }, (_, i) => `${' '.repeat(i * 2)}- a`)

const long = [
  ...['[', '![', '[a](', '[x](y)', '*a ', '**a ', '_a _', '*a **b ', 'a*', '~~a~', '`a``', '\\'],
  ...['>', '> ', '- ', '* ', '1. ', '> - 1. ', '#', '|a', '\n', '\t', ' ', 'a\n', '> a\n', 'a  \n'],
  ...['<', '<a ', '<!--', '<![CDATA[', '&', '&#x', '<div>', '<b>', '<table><tr><td>', '<svg>'],
  ...['http://', 'www.', 'a@', '[a]:', '[a]: b\n', '```\n', '<a href="javascript:', 'a=\n', '1'],
].map(again)
const odd = [`${again('a.')}@`, `<a ${again('x="')}`, `<a ${again('a=b ')}>`, `${again('* ')}x`]

describe('a text made to take long', () => {
  it(`is read to its end: ${LETTERS} letters, any of which would take minutes if they were read again and again`, function () {
    this.timeout(60_000)
    const ways = { markdownToHtml, markdownInline, foreignHtml, plainText, plainName }
    for (const text of [...long, ...odd, ticks, steps.join('\n')]) {
      for (const [name, read] of Object.entries(ways)) {
        expect(read(text), `${name} ${text.slice(0, 20)}`).to.be.a('string')
      }
    }
  })
})
