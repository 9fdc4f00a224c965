// Who writes our files: name and version of this release.

/** SemVer of the tool packages; never decides whether a file can be read (formats 2.1). */
export const VERSION = "0.1.0";

/** `producer` of trace headers. */
export const PRODUCER: string = `lumen ${VERSION}`;
