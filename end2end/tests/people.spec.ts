// Ajustes where somebody goes: teams and people who are deleted or blocked, people who come, and what is written down.

import { type Locator, type Page, expect } from "@playwright/test";

import { open, serve, write } from "../support/desk.ts";
import { test } from "../support/test.ts";

const MARINA = ["Marina Sousa", "+55 11 98765-4321"] as const;
const OTAVIO = ["Otávio Lima", "+55 11 98765-4322"] as const;

/** Goes to a page of Ajustes as an administrator who has entered. */
async function settings(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1, name: "Ajustes" })).toBeVisible();
}

/** Goes to the form of a team or a person. */
async function form(page: Page, list: "equipes" | "usuarios", name: string): Promise<void> {
  await settings(page, `/ajustes/${list}`);
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByLabel("Nome", { exact: true })).toHaveValue(name);
}

/** A line of a list. */
const line = (page: Page, words: string) => page.getByRole("listitem").filter({ hasText: words });

const row = (page: Page, words: RegExp) => page.getByRole("button", { name: words });

/** Goes to a tab of the list; on a narrow screen a conversation covers it. */
async function tab(page: Page, name: string): Promise<void> {
  const back = page.getByRole("button", { name: "Voltar à lista" });
  if (await back.isVisible()) await back.click();
  await page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
}

/** Nothing sticks out of the page to the side, and nothing below it. */
async function fits(page: Page): Promise<void> {
  const { over, below } = await page.evaluate(() => {
    const root = document.documentElement;
    return { over: root.scrollWidth - root.clientWidth, below: root.scrollHeight - root.clientHeight };
  });
  expect({ over, below }).toEqual({ over: 0, below: 0 });
}

/** The words of an alert or a fault lie where they can be read, not under the bar at the foot. */
async function readable(page: Page, words: Locator): Promise<void> {
  await expect(words).toBeInViewport();
  const bar = await page.locator(".form-bar").boundingBox();
  const box = await words.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0), "above the bar").toBeLessThanOrEqual(bar?.y ?? 0);
}

test("a team is deleted, and what is open there moves where the form says", async ({ enter, newCustomer, accessible }) => {
  const [ana, bruno, fabio] = [await enter("Ana"), await enter("Bruno"), await enter("Fábio")];
  const marina = await newCustomer(...MARINA);
  await marina.writes("Oi!");
  // One after the other: the turns follow the order in which they come in.
  await expect(ana.getByRole("button", { name: /^Marina Sousa/ }).first()).toBeVisible();
  await (await newCustomer(...OTAVIO)).writes("Bom dia!");
  await serve(bruno, "Otávio Lima");
  await write(bruno, "Bom dia, Otávio!");
  await tab(bruno, "Meus");
  await open(bruno, "Otávio Lima");

  // The default team says why not, before anybody tries.
  await form(ana, "equipes", "Geral");
  await expect(ana.getByText("Esta é a equipe padrão, e a conta precisa de uma.")).toBeVisible();
  await expect(ana.getByRole("button", { name: "Excluir equipe" })).toBeDisabled();

  await form(ana, "equipes", "Suporte");
  await ana.getByRole("button", { name: "Excluir equipe" }).click();
  const dialog = ana.getByRole("dialog", { name: "Excluir a equipe Suporte?" });
  await expect(dialog).toContainText("2 conversas em aberto são afetadas (1 esperando, 1 em andamento).");
  await accessible(ana);
  await ana.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(ana.getByRole("button", { name: "Excluir equipe" })).toBeFocused();

  // By keyboard from here on.
  await ana.keyboard.press("Enter");
  await dialog.getByLabel("Para a equipe").selectOption("Jurídico");
  await expect(dialog.getByText("Só quem atende vê, além da supervisão e da administração.")).toBeVisible();
  await dialog.getByRole("button", { name: "Excluir equipe" }).focus();
  await ana.keyboard.press("Enter");
  await expect(ana).toHaveURL(/\/ajustes\/equipes$/);
  await expect(ana.getByText("Equipe excluída.")).toBeVisible();
  await expect(ana.getByRole("link", { name: "Suporte" })).toHaveCount(0);
  await expect(line(ana, "Jurídico")).toContainText("2 esperando");

  // Bruno is not of Jurídico: what he had open is off his screen. Fábio is, and may take both.
  await expect(bruno.getByText("Você não vê mais esta conversa")).toBeVisible();
  await bruno.getByRole("button", { name: "Dispensar" }).click();
  await tab(fabio, "Novos");
  for (const name of [/^Marina Sousa/, /^Otávio Lima/]) await expect(row(fabio, name)).toBeVisible();
  await serve(fabio, "Otávio Lima");
  await expect(fabio.getByText("Bom dia, Otávio!").last()).toBeVisible();

  // The number belonged to the team that is gone: whoever writes now comes to the default one.
  await (await newCustomer("Rita Prado", "+55 11 98765-4323")).writes("Olá");
  await tab(bruno, "Novos");
  await expect(row(bruno, /^Rita Prado/)).toBeVisible();

  await settings(ana, "/ajustes/auditoria");
  const told = line(ana, "Ana excluiu a equipe Suporte");
  await expect(told).toContainText("1 esperando, 1 em andamento");
  await expect(told).toContainText("passadas para Jurídico");
});

test("more than twenty open conversations are not deleted by one press", async ({ enter, newCustomer, visit }) => {
  const ana = await enter("Ana");
  const writes = Array.from({ length: 21 }, async (_, n) => {
    const one = await newCustomer(`Cliente ${n}`, `+55 11 97000-${1000 + n}`);
    await one.writes("Oi");
  });
  await Promise.all(writes);
  await settings(ana, "/ajustes/equipes");
  await expect(line(ana, "Suporte")).toContainText("21 esperando");
  await ana.getByRole("link", { name: "Suporte", exact: true }).click();
  await ana.getByRole("button", { name: "Excluir equipe" }).click();
  const dialog = ana.getByRole("dialog");
  const act = dialog.getByRole("button", { name: "Excluir equipe" });
  await expect(act).toBeDisabled();
  await dialog.getByRole("radio", { name: /^Concluir/ }).check();
  const name = dialog.getByLabel("Para confirmar, escreva Suporte");
  await name.fill("supor");
  await name.press("Enter");
  await expect(act).toBeDisabled();
  await name.fill("suporte");
  await expect(act).toBeEnabled();
  await name.press("Enter");
  await expect(ana.getByText("Equipe excluída.")).toBeVisible();
  // What the team leaves is on its way, and is not told of as waiting.
  await expect(ana.getByRole("region", { name: "Avisos" }).getByText(/esperam? (qualquer pessoa|sem)/)).toHaveCount(0);
  await settings(ana, "/ajustes/auditoria");
  await expect(line(ana, "Ana excluiu a equipe Suporte")).toContainText("concluídas");
  const stranger = await visit("/entrar");
  await expect(stranger.getByRole("button", { name: "Ana Administração · Geral", exact: true })).toBeVisible();
});

test("whoever is blocked is thrown out, and what they held goes where the form says", async ({ enter, newCustomer, faults, visit }) => {
  // Who is blocked has no session any more.
  faults.expect(/401/);
  const [ana, bruno, davi] = [await enter("Ana"), await enter("Bruno"), await enter("Davi")];
  const marina = await newCustomer(...MARINA, "Balcão");
  await marina.writes("Oi!");
  await serve(bruno, "Marina Sousa");

  await form(ana, "usuarios", "Bruno");
  await ana.getByRole("button", { name: "Bloquear", exact: true }).click();
  const dialog = ana.getByRole("dialog", { name: "Bloquear Bruno?" });
  await expect(dialog).toContainText(/conversas? em aberto (é|são) afetadas?/);
  await expect(dialog.getByRole("radio", { name: /^Devolver à fila/ })).toBeChecked();
  await dialog.getByRole("button", { name: "Bloquear" }).click();
  await expect(ana.getByText("Usuário bloqueado.")).toBeVisible();
  await expect(ana.getByText("bloqueado", { exact: true })).toBeVisible();

  await expect(bruno).toHaveURL(/\/entrar/);
  await expect(bruno.getByText("Sua sessão terminou.")).toBeVisible();
  await expect(bruno.getByLabel("E-mail ou telefone")).not.toHaveAttribute("aria-invalid", "true");
  await expect(bruno.getByRole("button", { name: /^Bruno\b/ })).toHaveCount(0);
  await bruno.goto("/");
  await expect(bruno).toHaveURL(/\/entrar/);
  await expect(row(davi, /^Marina Sousa/)).toBeVisible();
  await serve(davi, "Marina Sousa");

  // He is let in again, to what others can see of it.
  await ana.getByRole("button", { name: "Desbloquear" }).click();
  await expect(ana.getByText("Usuário desbloqueado.")).toBeVisible();
  const again = await visit("/");
  await again.getByRole("button", { name: /^Bruno\b/ }).click();
  await tab(again, "Outros");
  await expect(row(again, /^Marina Sousa/)).toBeVisible();
});

test("an invitation is sent again, and only the last link opens", async ({ enter, visit, faults, accessible }) => {
  // A link that opens nothing.
  faults.expect(/422/);
  const ana = await enter("Ana");
  await settings(ana, "/ajustes/usuarios/novo");
  await ana.getByLabel("Nome", { exact: true }).fill("Gil");
  await ana.getByLabel("E-mail", { exact: true }).fill("gil@aurora.example");
  await ana.keyboard.press("Enter");
  const link = ana.getByLabel("Link do convite");
  const first = await link.inputValue();
  await expect(ana.getByRole("button", { name: "Copiar" })).toBeFocused();
  await accessible(ana);
  await ana.keyboard.press("Escape");
  await expect(line(ana, "gil@aurora.example")).toContainText("convite enviado");

  await form(ana, "usuarios", "Gil");
  await expect(ana.getByText(/^Vale até \d\d\/\d\d\/\d{4} \d\d:\d\d\.$/)).toBeVisible();
  await ana.getByRole("button", { name: "Reenviar convite" }).click();
  const second = await link.inputValue();
  expect(second).not.toBe(first);
  await ana.getByRole("dialog").getByRole("button", { name: "Fechar" }).last().click();

  const at = (address: string) => new URL(address).pathname + new URL(address).hash;
  const late = await visit(at(first));
  await late.getByRole("button", { name: "Continuar" }).click();
  await expect(late.getByText(/já foi usado|venceu|não vale/)).toBeVisible();
  const gil = await visit(at(second));
  await gil.getByRole("button", { name: "Continuar" }).click();
  await expect(gil.getByRole("tab", { name: /^Novos/ })).toBeVisible();
  // He is here: there is nothing to send again.
  await expect(ana.getByRole("button", { name: "Reenviar convite" })).toHaveCount(0);

  await settings(ana, "/ajustes/auditoria");
  await expect(line(ana, "Ana convidou Gil")).toContainText("gil@aurora.example");
  await expect(line(ana, "Ana convidou Gil")).toContainText("Atendente");
});

test("the last who attends stays while somebody waits, and the form says so where it can be read", async ({ enter, newCustomer, faults, accessible }) => {
  // A form and an act that are refused.
  faults.expect(/422/);
  const ana = await enter("Ana");
  await (await newCustomer(...MARINA)).writes("Oi!");
  await form(ana, "equipes", "Suporte");
  for (const name of ["Ana", "Bruno", "Carla", "Davi"]) {
    await ana.getByRole("checkbox", { name: `${name}: Usuário`, exact: true }).uncheck();
  }
  await ana.getByRole("button", { name: "Salvar" }).click();
  const fault = ana.getByText("Ninguém mais atenderia esta equipe, e há conversas esperando: 1.");
  await readable(ana, fault);
  await accessible(ana);
  await ana.getByRole("checkbox", { name: "Bruno: Usuário", exact: true }).check();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Equipe salva.")).toBeVisible();
  await expect(fault).toHaveCount(0);

  // Nor by way of the person: and then it says which team.
  await form(ana, "usuarios", "Bruno");
  await ana.getByRole("button", { name: "Excluir usuário" }).click();
  const dialog = ana.getByRole("dialog");
  await dialog.getByRole("button", { name: "Excluir usuário" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Suporte: Ninguém mais atenderia esta equipe");
  await dialog.getByRole("button", { name: "Cancelar" }).click();
  await ana.getByRole("checkbox", { name: "Suporte: Usuário", exact: true }).uncheck();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await readable(ana, fault);
});

test("one team is the default: the flag moves, and is not given up", async ({ enter }) => {
  const ana = await enter("Ana");
  await form(ana, "equipes", "Geral");
  const flag = ana.getByRole("switch", { name: /Equipe padrão/ });
  await flag.uncheck();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText(/Torne outra equipe a padrão primeiro/).first()).toBeVisible();
  await expect(flag).toBeFocused();
  await ana.getByRole("button", { name: "Descartar alterações" }).click();
  await form(ana, "equipes", "Jurídico");
  await flag.check();
  await expect(ana.getByText(/A equipe padrão é Geral, e só pode haver uma/)).toBeVisible();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(flag).toBeFocused();
  await ana.getByRole("button", { name: "Colocar esta no lugar de Geral" }).click();
  await expect(ana.getByText("Ao salvar, Geral deixa de ser a equipe padrão.")).toBeVisible();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Equipe salva.")).toBeVisible();
  await settings(ana, "/ajustes/equipes");
  await expect(line(ana, "Jurídico").getByText("padrão", { exact: true })).toBeVisible();
  await expect(ana.getByText("padrão", { exact: true })).toHaveCount(1);
  // Leaving by the browser while a field has the focus leaves nothing broken behind.
  await form(ana, "equipes", "Suporte");
  await ana.getByLabel("Nome", { exact: true }).focus();
  await ana.goBack();
  await expect(line(ana, "Jurídico")).toBeVisible();
  // A name that was emptied is still the name of what is being changed.
  await form(ana, "equipes", "Suporte");
  await ana.getByLabel("Nome", { exact: true }).fill("");
  await expect(ana.getByRole("heading", { name: "Suporte", level: 2 })).toBeVisible();
});

/** Makes somebody available or not, so many times, as Ajustes does. */
async function change(page: Page, name: string, times: number): Promise<void> {
  const done = await page.evaluate(
    async ({ name, times }) => {
      const ask = (what: string, body: object) =>
        fetch(`/api/fn/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      const { people } = (await (await ask("settings", {})).json()) as { people: { id: string; form: { name: string } }[] };
      const person = people.find((each) => each.form.name === name)?.id;
      let done = 0;
      for (let n = 0; n < times; n += 1) {
        const availability = n % 2 === 0 ? "Unavailable" : "Available";
        if ((await ask("set_availability_of", { person, availability })).ok) done += 1;
      }
      return done;
    },
    { name, times },
  );
  expect(done).toBe(times);
}

test("the audit is filtered and paged through", async ({ enter, accessible }) => {
  const ana = await enter("Ana");
  await settings(ana, "/ajustes/auditoria");
  await expect(ana.getByText("Nenhuma mudança com estes filtros")).toBeVisible();
  await change(ana, "Bruno", 64);
  await change(ana, "Eva", 1);
  await form(ana, "equipes", "Jurídico");
  await ana.getByLabel("Nome", { exact: true }).fill("Contratos");
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Equipe salva.")).toBeVisible();

  await ana.getByRole("link", { name: "Auditoria" }).click();
  const lines = ana.locator("ol.audit > li");
  await expect(lines).toHaveCount(50);
  await expect(lines.first()).toContainText("Ana mudou a equipe Contratos");
  await fits(ana);
  await ana.getByRole("button", { name: "Mostrar mais" }).click();
  await expect(lines).toHaveCount(66);
  await expect(ana.getByRole("button", { name: "Mostrar mais" })).toHaveCount(0);

  await ana.getByLabel("De quem ou de qual equipe").selectOption("Eva");
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText("Eva");
  await ana.getByLabel("De quem ou de qual equipe").selectOption("Equipe Contratos");
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText("Jurídico");
  await accessible(ana);
  await ana.getByLabel("Quem mudou").selectOption("Bruno");
  await expect(lines).toHaveCount(0);
  await expect(ana.getByText("Nenhuma mudança com estes filtros")).toBeVisible();
  await ana.getByLabel("Quem mudou").selectOption("Ana");
  await ana.getByLabel("De quem ou de qual equipe").selectOption({ index: 0 });
  await ana.getByLabel("O que", { exact: true }).selectOption("Disponibilidade");
  await expect(lines).toHaveCount(50);
});
