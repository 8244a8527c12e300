/** What `offload --help` says below the options. */
export const OFFLOAD_EXAMPLES = `
Examples
  offload
      the terminal UI: waits for cards; give drives their roles with w and b,
      press Enter
  offload --card E: --to W: --to B:
      copy the card E: to the working drive W: and to the backup B:, prove every
      copy, and say whether the card is safe to format
  offload --card /media/EOS --to /media/W --to /media/B --shoot "Marta & Jan"
  offload --card E: --to W: --to B: --dry-run
      only show where every file would go
  offload check --card E: --to W: --to B:
      weeks later: is every file on this card proved on two drives now?
  offload verify W:
      read all copies on W: again and compare them with their records
  offload --watch --auto
      no screen, no questions: each new card goes to the connected drives that
      have roles
  offload --card E: --to W: --to B: --report
      and make a page with all pictures, to look at and to print
  offload find IMG_0412
      on which drives, in which shoots?
  offload status
      how many proved copies has each shoot, on which drives, in which places?
  offload restore IMG_0412 --to D:\\Back
      bring it back from whichever drive has a good copy
  offload backup add photos --from W: --to B: --on-arrival
      keep the backup in step with the working drive from now on
  offload offsite add bank --to O: --to P: --place bank
      two drives take turns elsewhere; it says when to swap them
  offload doctor
      is everything that offload needs there and well?
  offload lightroom add "D:\\Lightroom\\Main.lrcat"
      and snapshots of the Lightroom catalog on every backup drive

Words of a layout (docs/layout.md)
  {shoot} {card} {path} {name} {stem} {ext}  from the card: {path} with folders
  {yyyy} {mm} {dd} {date} {time}             when taken: 2026-11-24, 140211
  {camera} {serial} {lens}                   what took it
  {seq:4}                                    counted in each folder: 0001, 0002
  --layout "{shoot}/{date}/{camera}/{date}_{seq:4}.{ext}"
      2026-11-24 Marta & Jan/2026-11-24/Canon EOS R6/2026-11-24_0001.CR3
  A picture's raw file, JPEG and sidecars get one name; folders of films stay
  whole.

Exit codes: 0 every card is safe; 1 finished, not safe; 2 refused before
copying; 130 stopped.
A card is SAFE TO FORMAT only when every file on it was read back from two
different physical drives and matched. After an interruption run the same
command again: it goes on.`;
