// The rig itself: what it promises to notice, it notices.

import { expect, test } from "../support/test.ts";

test("a violation of the content policy is a fault", async ({ visit, faults }) => {
  const page = await visit("/");
  await page.evaluate(() => {
    const text = document.createElement("div");
    text.innerHTML = '<p style="color: red">x</p>';
    document.body.append(text);
  });
  await expect.poll(() => faults.unexpected().join()).toContain("style-src");
  faults.expect(/style-src|TrustedHTML|require-trusted-types-for/);
});

test("an error on the console is a fault", async ({ visit, faults }) => {
  const page = await visit("/");
  await page.evaluate(() => console.error("broken"));
  await expect.poll(() => faults.unexpected().join()).toContain("broken");
  faults.expect(/broken/);
});
