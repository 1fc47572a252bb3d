// SPDX-License-Identifier: MIT
import type { limaCCDs } from "../../../devices/lima/limaccds.ts";
import type { Device, Handlers } from "../../../tango/index.ts";
import type { Acquisition } from "../acquisition.ts";
import type { Detector } from "../detector.ts";
import type { FileSaver } from "../saving/saver.ts";
import type { EventSettings } from "./events.ts";
import type { VideoView } from "./video-members.ts";

/** An open LimaCCDs device: what the handlers of its members work on. */
export interface Lima {
  readonly device: Device<typeof limaCCDs>;
  readonly detector: Detector;
  readonly acquisition: Acquisition;
  readonly saver: FileSaver;
  readonly video: VideoView;
  readonly events: EventSettings;
}

/** Some of LimaCCDs's members. */
export type LimaMembers = Partial<Handlers<typeof limaCCDs>>;
