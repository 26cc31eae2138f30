/** A reason not to go on; everything is as it was before. The message is for the operator. */
export class Refused extends Error {}

/** Going on would give up acknowledged writes. A person may want that: a recycle with an override. */
export class LossRefused extends Refused {}
