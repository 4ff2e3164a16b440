// A demo server for one test: its own port, data folder and PostgreSQL, so that moving its clock disturbs nobody.

import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY_WITHIN = 60_000;
const STOPPED_WITHIN = 20_000;

export class Demo {
  private constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<Demo> {
    const binary = process.env.CIRANDA_BINARY;
    if (!binary) throw new Error("CIRANDA_BINARY is not set: run the journeys with `cargo xtask e2e`");
    const folder = await mkdtemp(join(tmpdir(), "ciranda-e2e-"));
    // PostgreSQL runs as another user when we are root, and has to reach its folder.
    await chmod(folder, 0o755);
    const port = await freePort();
    const log = await open(join(folder, "server.log"), "w");
    const { DATABASE_URL: _, ...inherited } = process.env;
    const child = spawn(binary, ["demo"], {
      env: { ...inherited, CIRANDA_LISTEN: `127.0.0.1:${port}`, CIRANDA_DATA_DIR: join(folder, "data") },
      stdio: ["ignore", log.fd, log.fd],
    });
    await log.close();
    const demo = new Demo(`http://127.0.0.1:${port}`, folder, child);
    try {
      await demo.ready();
    } catch (error) {
      const told = await demo.log();
      await demo.stop();
      throw new Error(`${error}\n${told}`);
    }
    return demo;
  }

  private async ready(): Promise<void> {
    const limit = Date.now() + READY_WITHIN;
    while (Date.now() < limit) {
      if (this.process.exitCode !== null) throw new Error(`the server ended with ${this.process.exitCode} before it was ready`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      // The first conversations are told beside everything else: whoever enters amid them finds somebody at work.
      if (answer?.ok && (await this.log()).includes("first conversations are there")) return;
      await new Promise((resume) => setTimeout(resume, 50));
    }
    throw new Error("the server was not ready in time");
  }

  /** What the server has printed so far. */
  log(): Promise<string> {
    return readFile(join(this.folder, "server.log"), "utf8");
  }

  /** Stops it as an operator would, so that its PostgreSQL stops with it. */
  async stop(): Promise<void> {
    const ended = new Promise<boolean>((resume) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) resume(true);
      this.process.once("exit", () => resume(true));
      setTimeout(() => resume(false), STOPPED_WITHIN).unref();
    });
    this.process.kill("SIGTERM");
    const inTime = await ended;
    if (!inTime) this.process.kill("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
    if (!inTime) throw new Error("the server did not stop when asked");
  }
}

function freePort(): Promise<number> {
  return new Promise((resume, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? resume(address.port) : fail(new Error("no port"))));
    });
  });
}
