// What people do on the desk, as several journeys need it.

import { type Page, expect } from "@playwright/test";

/** Where one writes. */
export const box = (page: Page) => page.getByRole("textbox", { name: /^Mensagem para/ });

/** The messages of the conversation on screen. */
export const bubbles = (page: Page) => page.getByRole("region", { name: "Mensagens" });

/** Opens the conversation of somebody who has written. */
export async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`^${name}`) }).first().click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

/** Starts the conversation on screen and waits until the server has said so, not only the screen. */
export async function start(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Iniciar" }).last().click();
  // Others may have started it before.
  await expect(bubbles(page).getByText(/iniciou o atendimento/).last()).toBeVisible();
  await expect(box(page)).toBeVisible();
}

/** Opens and starts it. */
export async function serve(page: Page, name: string): Promise<void> {
  await open(page, name);
  await start(page);
}

/** Writes a text and sends it. */
export async function write(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await page.keyboard.press("Enter");
}

/** The contact's pane, opened where a narrow screen hides it. */
export async function contact(page: Page) {
  const show = page.getByRole("button", { name: "Detalhes do contato" });
  if (await show.isVisible()) await show.click();
  return page.getByRole("complementary", { name: "Contato" });
}

/** Transfers the conversation on screen to a person or a team. */
export async function transfer(page: Page, to: string): Promise<void> {
  await page.getByRole("button", { name: /^Transferir/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: new RegExp(`^${to}`) }).click();
}
