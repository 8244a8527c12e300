/** What `--help` teaches of off-site copies. */

export const OFFSITE_HELP = `
The third copy, kept elsewhere. Drives take turns: one is in the bank, the other one here; whichever
is plugged in is brought up to date, and is told when to be carried there. Or a cloud, through rclone.

Examples
  offload offsite add bank --to O: --to P: --place bank --swap-after 30d
      two drives take turns; from the working drive that is connected
  offload offsite add cloud --remote b2:bucket/path --bwlimit 2M --quiet-hours 08:00-22:00
      a remote that rclone knows (rclone config)
  offload offsite status
      where is which drive, how old is each copy, what is to be done next?
  offload offsite run bank
  offload offsite verify cloud

The drives are run as they come by offload backup watch, or what offload backup install lets the system do.

Exit codes: 0 all well; 1 something is not in step, is overdue, or is to be swapped; 2 refused; 130 stopped.`;

export const ADD_HELP = `
Without --from the source is the one connected drive with the role working. Drives get the role off-site
and the place; one that is the working drive or a backup is refused. The same words as offload backup add
mean the same.

Examples
  offload offsite add bank --to O: --to P: --place bank
  offload offsite add parents --from W:\\Photos --to O:\\Photos --place "my parents" --swap-after 12w
  offload offsite add cloud --remote b2:bucket/path`;

export const EDIT_HELP = `
Only what is typed changes. --to and --leave-out replace all that there were.

Examples
  offload offsite edit bank --swap-after 6w
  offload offsite edit bank --add Q:
  offload offsite edit bank --drop "bank-1"
  offload offsite edit cloud --no-bwlimit`;

export const RUN_HELP = `
A drive of a set that is away is no error. When none of the set is here, and the set was named, it is.

Examples
  offload offsite run
      every set and every cloud, as far as drives are connected
  offload offsite run bank --accept-deletions`;

export const VERIFY_HELP = `
Copies on connected drives are read back; a cloud is asked for the hashes of its files.

Examples
  offload offsite verify bank --part next/30
  offload offsite verify cloud --download
      what the cloud has no hash of is downloaded and compared`;
