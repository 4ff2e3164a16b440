// A contact's history beside the conversation: what one may open, and of the rest a number where that was switched on.

import type { Page } from "@playwright/test";

import { bubbles, contact, start, transfer } from "../support/desk.ts";
import type { Customer } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

const RITA = ["Rita Barros", "+55 11 98765-4325", "Balcão"] as const;

const row = (page: Page, words: RegExp) => page.getByRole("button", { name: words }).first();

/** Opens the visit that waits; on a narrow screen a conversation covers the list. */
async function take(page: Page, words: string): Promise<void> {
  const back = page.getByRole("button", { name: "Voltar à lista" });
  if (await back.isVisible()) await back.click();
  await page.getByRole("tab", { name: /^Novos/ }).click();
  await row(page, new RegExp(`^Rita Barros.*${words}`)).click();
}

/** Concludes the conversation on screen, and waits until the server has it: another person's list shows it. */
async function conclude(page: Page, other: Page, visit: number): Promise<void> {
  await page.getByRole("button", { name: /^Concluir/ }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: /^Concluir/ }).click();
  await other.getByRole("tab", { name: /^Concluídos/ }).click();
  await expect(other.getByRole("button", { name: /^Rita Barros/ })).toHaveCount(visit);
  await other.getByRole("tab", { name: /^Novos/ }).click();
}

/** Two visits a day apart, the first attended in Geral, the second in Jurídico, and a third that waits now. */
async function threeVisits(ana: Page, eva: Page, rita: Customer, moveClock: (by: { hours: number }) => Promise<void>) {
  await rita.writes("Primeira visita");
  await take(ana, "Primeira visita");
  await start(ana);
  await conclude(ana, eva, 1);
  await moveClock({ hours: 24 });
  await rita.writes("Assunto do jurídico");
  await take(ana, "Assunto do jurídico");
  await start(ana);
  await transfer(ana, "Jurídico");
  await start(ana);
  await conclude(ana, eva, 2);
  await moveClock({ hours: 24 });
  await rita.writes("Terceira visita");
}

test("beside a conversation stands what else there is of the contact, and what one may not see is only counted, where that was switched on", async ({
  enter,
  newCustomer,
  moveClock,
  accessible,
}) => {
  const [ana, bruno, eva] = [await enter("Ana"), await enter("Bruno"), await enter("Eva")];
  const rita = await newCustomer(...RITA);
  await threeVisits(ana, eva, rita, moveClock);

  await take(bruno, "Terceira visita");
  const pane = await contact(bruno);
  const first = pane.getByRole("button", { name: /Geral.*Primeira visita.*Concluída.*por Ana/ });
  await expect(first).toBeVisible();
  await expect(pane.getByText("Assunto do jurídico")).toHaveCount(0);
  await expect(pane.getByText(/outra equipe|que você não vê/)).toHaveCount(0);
  await accessible(bruno);

  // Ana, who administers, sees both, and has the number said.
  await take(ana, "Terceira visita");
  const anas = await contact(ana);
  await expect(anas.getByRole("button", { name: /Jurídico.*Assunto do jurídico/ })).toBeVisible();
  await ana.goto("/ajustes/acesso");
  const counts = ana.getByRole("switch", { name: "Contar os atendimentos que a pessoa não vê" });
  await expect(counts).not.toBeChecked();
  await counts.check();
  await accessible(ana);
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Acesso salvo.")).toBeVisible();
  await expect(pane.getByText("1 atendimento em outra equipe")).toBeVisible();
  await expect(pane.getByText("Assunto do jurídico")).toHaveCount(0);

  // An earlier one opens by the keyboard, and a step back leads to where one was.
  await first.press("Enter");
  await expect(bubbles(bruno).getByText("Primeira visita")).toBeVisible();
  await expect(bruno.locator("#talk")).toBeFocused();
  await expect((await contact(bruno)).getByRole("button", { name: /Geral.*Terceira visita/ })).toBeVisible();
  // On a narrow screen the pane covers the conversation.
  if ((bruno.viewportSize()?.width ?? 0) < 700) await pane.getByRole("button", { name: "Fechar" }).click();
  await bruno.goBack();
  await expect(bubbles(bruno).getByText("Terceira visita")).toBeVisible();

  await ana.goto("/ajustes/auditoria");
  const line = ana.getByRole("listitem").filter({ hasText: "Ana mudou o que se diz dos atendimentos que alguém não vê" });
  await expect(line).toContainText("Contar os atendimentos que a pessoa não vê");
});

test("a contact who was never here before has no history, and without a connection what is known stays", async ({
  enter,
  newCustomer,
  faults,
}) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const bruno = await enter("Bruno");
  const rita = await newCustomer(...RITA);
  await rita.writes("Oi!");
  await take(bruno, "Oi!");
  const pane = await contact(bruno);
  await expect(pane.getByText("Não há outros atendimentos que você possa abrir.")).toBeVisible();
  await bruno.context().setOffline(true);
  await expect(bruno.getByText(/^sem conexão/).first()).toBeAttached();
  await expect(pane.getByText("Não há outros atendimentos que você possa abrir.")).toBeVisible();
});

/** An earlier visit, and one that waits, which both see; the waiting one is on Bruno's screen with the contact's pane. */
async function twoVisits(ana: Page, bruno: Page, eva: Page, rita: Customer, moveClock: (by: { hours: number }) => Promise<void>) {
  await rita.writes("Primeira visita");
  await take(ana, "Primeira visita");
  await start(ana);
  await conclude(ana, eva, 1);
  await moveClock({ hours: 24 });
  await rita.writes("Segunda visita");
  await take(bruno, "Segunda visita");
  return await contact(bruno);
}

test("a row keeps the keyboard when another one comes above it, and says its channel where that is another", async ({
  enter,
  newCustomer,
  moveClock,
}) => {
  const [ana, bruno, eva] = [await enter("Ana"), await enter("Bruno"), await enter("Eva")];
  const rita = await newCustomer(...RITA);
  await twoVisits(ana, bruno, eva, rita, moveClock);
  await take(ana, "Segunda visita");
  const pane = await contact(ana);
  const first = pane.getByRole("button", { name: /Primeira visita/ });
  await first.focus();
  await (await rita.atFirstNumber()).writes("Pelo outro número");
  await expect(pane.getByRole("listitem").filter({ hasText: "Pelo outro número" })).toContainText("Loja Aurora · Pendente");
  await expect(first).toBeFocused();
  await expect(first).not.toContainText("Loja Aurora");
});

test("back and forward lead through what was on screen, and restarting an earlier visit leads to the open one", async ({
  enter,
  newCustomer,
  moveClock,
}) => {
  const [ana, bruno, eva] = [await enter("Ana"), await enter("Bruno"), await enter("Eva")];
  const pane = await twoVisits(ana, bruno, eva, await newCustomer(...RITA), moveClock);
  const isNarrow = (bruno.viewportSize()?.width ?? 0) < 700;
  const shows = (words: string) => expect(bubbles(bruno).getByText(words)).toBeVisible();
  await pane.getByRole("button", { name: /Primeira visita/ }).click();
  await shows("Primeira visita");
  await bruno.goBack();
  await shows("Segunda visita");
  if (isNarrow) {
    // The list is where the first step led from.
    await bruno.goBack();
    await expect(bubbles(bruno)).toBeHidden();
    await bruno.goForward();
    await shows("Segunda visita");
  }
  await bruno.goForward();
  await shows("Primeira visita");
  // Decision 11: who starts another is led to the one that is open.
  await bruno.getByRole("button", { name: "Reiniciar" }).first().click();
  await shows("Segunda visita");
  await expect(bruno.getByText("Este contato já tem um atendimento aberto neste canal.")).toBeVisible();
});
