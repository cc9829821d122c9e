/** The files of draws over a bucket as the service has it: what lies there is put once. */
import { hashOf, s3DrawFiles } from '../../shared/data/draw-files.ts';
import { countyCode, department } from '../../shared/domain/ids.ts';
import { MemoryArchive } from '../support/memory-archive.ts';

const draw = { county: countyCode('533102'), authority: department('YJJ'), number: 17 };

test('a file of a draw is put once: done again it stays, and nothing is put over it', async () => {
  const archive = new MemoryArchive();
  const files = s3DrawFiles('draws', archive.client);
  const roster = Buffer.from('a roster');
  for (let again = 0; again < 2; again++) {
    expect(await files.keep(roster)).toBe(hashOf(roster));
    await files.publish(draw, 'announcement.json', Buffer.from('{}'));
    await files.publishPolicy(Buffer.from('{}'));
  }
  await files.publish(draw, 'announcement.json', Buffer.from('{"another":true}'));
  const keys = [...archive.all().keys()];
  expect(keys).toContain('published/533102.YJJ/000017/announcement.json');
  for (const key of keys) expect([key, archive.versions(key).length]).toEqual([key, 1]);
  expect(archive.versions('published/533102.YJJ/000017/announcement.json')).toEqual([Buffer.from('{}')]);
});
