// Native code in the cache of the user. It runs with all rights of the command: so it is taken only
// from files that nobody else can have written, and never from a folder that a project names.

import type { ObjectStore } from "@lumen/runtime/llvm";
import { isOwnFile, readEntry, writeEntry } from "../cache/store.ts";
import { decodeObject, encodeObject } from "./object-file.ts";

/** Where native code is kept. */
export interface ObjectSetting {
  /** A folder of the user, or one that the user has named. */
  readonly folder: string;
  /** Takes a line for people, without its newline. */
  readonly warn: (line: string) => void;
}

/** A store that only reads: what a run does. */
export function readingStore({ folder, warn }: ObjectSetting): ObjectStore {
  return {
    read: (key) => {
      const bytes = readEntry(folder, key, "object");
      if (bytes === null) return null;
      const object = decodeObject(bytes, key);
      const reason = !object.ok
        ? object.error
        : isOwnFile(folder, key, "object")
          ? null
          : "others can have written it";
      if (object.ok && reason === null) return object.value;
      warn(`warning: the native code ${key.slice(0, 16)} is not used: ${reason}`);
      return null;
    },
    write: () => undefined,
  };
}

/** A store that keeps what was made: what a build does. `failed` is told the keys of the others. */
export function writingStore(setting: ObjectSetting, failed: (key: string) => void): ObjectStore {
  return {
    ...readingStore(setting),
    write: (key, object) => {
      if (!writeEntry(setting.folder, key, encodeObject(key, object), "object")) failed(key);
    },
  };
}
