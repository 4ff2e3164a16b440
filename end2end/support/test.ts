// `test` for the journeys: a demo server, people who enter, customers who write, a clock that can be moved.

import AxeBuilder from "@axe-core/playwright";
import { type APIRequestContext, type Page, expect, test as base } from "@playwright/test";

import { Demo } from "./demo.ts";
import { Faults } from "./faults.ts";
import { Customer, customer } from "./phone.ts";

export { expect };

interface Journey {
  demo: Demo;
  faults: Faults;
  /** A new browser window with nobody in it, as a stranger's. */
  visit(path: string): Promise<Page>;
  /** A new browser window in which somebody of the demo's list has entered. */
  enter(person: string): Promise<Page>;
  /** A new customer with a phone. */
  newCustomer(name: string, phone: string, number?: string): Promise<Customer>;
  /** Moves the demo's clock forward. */
  moveClock(by: { hours?: number; minutes?: number; seconds?: number }): Promise<void>;
  /** Fails on serious findings of axe on this page, as it stands. */
  accessible(page: Page): Promise<void>;
}

interface Hidden {
  api: APIRequestContext;
}

export const test = base.extend<Journey & Hidden>({
  demo: async ({}, use, info) => {
    const demo = await Demo.start();
    await use(demo);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: await demo.log(), contentType: "text/plain" });
    await demo.stop();
  },
  faults: async ({}, use) => {
    const faults = new Faults();
    await use(faults);
    expect(faults.unexpected(), "errors on the console and violations of the content policy").toEqual([]);
  },
  api: async ({ demo, playwright }, use) => {
    const api = await playwright.request.newContext({ baseURL: demo.url, extraHTTPHeaders: { Origin: demo.url } });
    await use(api);
    await api.dispose();
  },
  visit: async ({ browser, demo, faults }, use) => {
    const windows: Page[] = [];
    await use(async (path) => {
      const context = await browser.newContext({ baseURL: demo.url });
      await faults.watch(context);
      const page = await context.newPage();
      windows.push(page);
      await page.goto(path);
      return page;
    });
    for (const page of windows) await page.context().close();
  },
  enter: async ({ visit }, use) => {
    await use(async (person) => {
      const page = await visit("/");
      await page.getByRole("button", { name: new RegExp(`^${person}\\b`) }).click();
      await expect(page.getByRole("tab", { name: /^Novos/ })).toBeVisible();
      return page;
    });
  },
  newCustomer: async ({ api }, use) => {
    await use((name, phone, number) => customer(api, name, phone, number));
  },
  moveClock: async ({ api }, use) => {
    await use(async ({ hours = 0, minutes = 0, seconds = 0 }) => {
      const milliseconds = ((hours * 60 + minutes) * 60 + seconds) * 1000;
      const answer = await api.post("/simulador/relogio", { data: { advance_ms: milliseconds } });
      expect(answer.ok(), `the clock moved: ${answer.status()} ${await answer.text()}`).toBe(true);
    });
  },
  accessible: async ({}, use) => {
    await use(async (page) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      const told = grave.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
      expect(told, "serious findings of axe").toEqual([]);
    });
  },
});

/** The paths that a page asks for from now on. */
export function requests(page: Page): string[] {
  const paths: string[] = [];
  page.on("request", (request) => paths.push(new URL(request.url()).pathname));
  return paths;
}
