import test from 'ava';
import {
  evidenceOf,
  isEvidence,
  isTemporary,
  nameTemporary,
  temporaryOf,
} from '../../src/core/temporary-names.ts';

const ID = '20261122T190001Z-x3k9ab';

test('a copy that does not match keeps its name but for the end, and is known from both names', (t) => {
  const name = nameTemporary(ID, 'w0001', 12);
  t.is(name, `.offload-${ID}-w0001-12.part`);
  const place = `EOS/DCIM/${name}`;
  t.is(evidenceOf(place), `EOS/DCIM/.offload-${ID}-w0001-12.mismatch`);
  t.is(temporaryOf(evidenceOf(place)), place);
  t.true(isTemporary(name, ID));
  t.true(isEvidence(evidenceOf(name), ID));
});

test('neither name is taken for the other, for another offload’s, or for a picture', (t) => {
  const name = nameTemporary(ID, 'w0001', 1);
  t.false(isTemporary(evidenceOf(name), ID));
  t.false(isEvidence(name, ID));
  t.false(isTemporary(name, '20261122T190001Z-other'));
  for (const other of ['IMG_0001.part', 'IMG_0001.mismatch', `.offload-${ID}`]) {
    t.false(isTemporary(other, ID) || isEvidence(other, ID));
  }
});
