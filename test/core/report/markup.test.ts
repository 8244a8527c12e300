import test from 'ava';
import fc from 'fast-check';
import {escapeHtml, html, joinMarkup, name, printed} from '../../../src/core/report/markup.ts';

test('texts in a template are escaped, markup is not', (t) => {
  const inner = html`<b>${'<i>&"\''}</b>`;
  t.is(inner.text, '<b>&lt;i&gt;&amp;&quot;&#39;</b>');
  t.is(html`<p>${inner} ${7}${null}${[inner]}</p>`.text, `<p>${inner.text} 7${inner.text}</p>`);
  t.is(name('a\u202eb\n').text, '<bdi>a\\u{202e}b\\n</bdi>');
  t.is(joinMarkup([html`a`, html`b`]).text, 'a, b');
});

test('what is printable already is not made so twice', (t) => {
  t.is(printed('new\\nline <').text, 'new\\nline &lt;');
});

test('no text begins or ends an element or an attribute', (t) => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), (text) => {
      t.notRegex(escapeHtml(text), /[<>"'`\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
  );
});
