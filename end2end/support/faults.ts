// What no journey may leave behind: errors on the console, uncaught exceptions, violations of the content policy.

import type { BrowserContext } from "@playwright/test";

export class Faults {
  private readonly seen: string[] = [];
  private readonly expected: RegExp[] = [];

  /** A fault that this test provokes on purpose. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** The faults nobody announced. */
  unexpected(): string[] {
    return this.seen.filter((fault) => !this.expected.some((pattern) => pattern.test(fault)));
  }

  async watch(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      if (message.type() === "error") this.seen.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.seen.push(`uncaught: ${error.error()}`));
    // Report-only violations too, which a browser does not always print.
    await context.exposeBinding("cirandaViolation", (_, text: string) => this.seen.push(`policy: ${text}`));
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        const report = (globalThis as unknown as { cirandaViolation(text: string): void }).cirandaViolation;
        report(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
      });
    });
  }
}
