// Ajustes: what an administrator fills in is checked as it is typed, and holds on everybody's screen at once.

import { type Page, expect } from "@playwright/test";

import { serve, write } from "../support/desk.ts";
import { test } from "../support/test.ts";

/** Goes to a page of Ajustes as an administrator who has entered. */
async function settings(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1, name: "Ajustes" })).toBeVisible();
}

/** The field's fault, as a screen reader would be told of it. */
async function fault(page: Page, field: string): Promise<string> {
  const control = page.getByLabel(field, { exact: true }).first();
  await expect(control).toHaveAttribute("aria-invalid", "true");
  const ids = (await control.getAttribute("aria-describedby"))?.split(" ") ?? [];
  const texts = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).allTextContents()));
  return texts.flat().join(" ");
}

const cell = (page: Page, who: string, part: "Usuário" | "Supervisor") =>
  page.getByRole("checkbox", { name: `${who}: ${part}`, exact: true });

test("the pages have addresses of their own, for administrators only", async ({ enter, accessible }) => {
  const ana = await enter("Ana");
  await settings(ana, "/ajustes");
  await expect(ana).toHaveTitle(/^Equipes · Ajustes/);
  await ana.getByRole("link", { name: "Usuários" }).click();
  await expect(ana).toHaveURL(/\/ajustes\/usuarios$/);
  await expect(ana.getByRole("link", { name: "Bruno" })).toBeVisible();
  await ana.getByRole("link", { name: "Horário" }).click();
  await expect(ana.getByText(/Agora: (aberto|fechado)/)).toBeVisible();
  await accessible(ana);
  await ana.goBack();
  await expect(ana.getByRole("link", { name: "Bruno" })).toBeVisible();
  await accessible(ana);
  await settings(ana, "/ajustes/auditoria");
  await expect(ana).toHaveTitle(/^Auditoria · Ajustes/);
  await accessible(ana);

  const bruno = await enter("Bruno");
  await settings(bruno, "/ajustes/equipes");
  await expect(bruno.getByText("Os ajustes são da administração")).toBeVisible();
  await expect(bruno.getByRole("link", { name: "Suporte" })).toHaveCount(0);
});

test("a team's form refuses at the field what makes no sense, and saves what does", async ({ enter, accessible }) => {
  const ana = await enter("Ana");
  await settings(ana, "/ajustes/equipes/nova");
  await ana.getByRole("button", { name: "Criar equipe" }).click();
  await expect(ana.getByLabel("Nome", { exact: true })).toBeFocused();
  expect(await fault(ana, "Nome")).toContain("Preencha");
  await ana.getByLabel("Nome", { exact: true }).fill("SUPORTE");
  expect(await fault(ana, "Nome")).toContain("Já existe a equipe Suporte");
  await ana.getByLabel("Nome", { exact: true }).fill("Vendas");
  await expect(ana.getByLabel("Nome", { exact: true })).not.toHaveAttribute("aria-invalid", "true");

  await ana.getByRole("switch", { name: /Distribuir conversas novas/ }).check();
  await ana.getByRole("switch", { name: /Transbordo/ }).check();
  const limit = ana.getByRole("textbox", { name: "Tempo de cada pessoa" });
  await limit.fill("1");
  expect(await fault(ana, "Tempo de cada pessoa")).toContain("Use de 2 a 120 minutos");
  await limit.fill("90");
  expect(await fault(ana, "Tempo máximo no total")).toContain("não pode ser menor que o limite por atendente, 90 min");
  await limit.fill("5");

  await cell(ana, "Bruno", "Usuário").check();
  await cell(ana, "Davi", "Usuário").check();
  await cell(ana, "Eva", "Supervisor").check();
  await expect(cell(ana, "Fábio", "Supervisor")).toBeDisabled();
  await expect(ana.getByText("A vez anda nesta ordem: Bruno → Davi.")).toBeVisible();
  await expect(ana.getByText(/se não iniciar em 5 min, a conversa passa para Davi/)).toBeVisible();
  await accessible(ana);

  await ana.getByRole("button", { name: "Criar equipe" }).click();
  await expect(ana).toHaveURL(/\/ajustes\/equipes$/);
  const line = ana.getByRole("listitem").filter({ has: ana.getByRole("link", { name: "Vendas" }) });
  await expect(line).toContainText("Em roda");
  await expect(line).toContainText("3 pessoas");

  // It is the whole matrix that was saved.
  await ana.getByRole("link", { name: "Vendas" }).click();
  await expect(cell(ana, "Bruno", "Usuário")).toBeChecked();
  await expect(cell(ana, "Eva", "Supervisor")).toBeChecked();
  await expect(cell(ana, "Ana", "Usuário")).not.toBeChecked();

  await settings(ana, "/ajustes/auditoria");
  const created = ana.getByRole("listitem").filter({ hasText: "Ana criou a equipe Vendas" });
  await expect(created).toContainText("Bruno");
  await expect(created).toContainText("Usuário");
});

test("what a team will do is told without what is faulty, and a team that nobody attends is warned of", async ({ enter, accessible }) => {
  const ana = await enter("Ana");
  await settings(ana, "/ajustes/equipes/nova");
  const effects = ana.getByRole("status").filter({ has: ana.getByRole("heading", { name: "O que vai acontecer" }) });
  const nobody = "Ninguém atende esta equipe: toda conversa nova só aparece para quem a supervisiona e para a administração";
  await expect(effects).toContainText(nobody);
  await expect(effects).not.toContainText("quem iniciar primeiro");
  await cell(ana, "Eva", "Supervisor").check();
  await expect(effects).toContainText(nobody);
  await accessible(ana);
  await cell(ana, "Bruno", "Usuário").check();
  await expect(effects).toContainText("quem iniciar primeiro fica com ela");
  await expect(effects).not.toContainText(nobody);

  await ana.getByRole("switch", { name: /Distribuir conversas novas/ }).check();
  await ana.getByRole("switch", { name: /Transbordo/ }).check();
  const faulty = "Há um campo a corrigir acima";
  const fields = [
    { name: "Limite por pessoa", sound: "3", wrong: ["abc", "-1", "1,5", "9999999999"], said: "a pessoa não recebe outra" },
    { name: "Tempo de cada pessoa", sound: "5", wrong: ["abc", "-5", ""], said: "se não iniciar em" },
    { name: "Tempo máximo no total", sound: "60", wrong: ["99999999999", "1"], said: "no total, qualquer pessoa da equipe pode iniciar" },
  ];
  for (const { name, sound, wrong, said } of fields) {
    const field = ana.getByRole("textbox", { name });
    await field.fill(sound);
    await expect(effects).toContainText(said);
    await expect(effects).not.toContainText(faulty);
    for (const text of wrong) {
      await field.fill(text);
      await expect(effects).toContainText(faulty);
      await expect(effects).not.toContainText(said);
    }
    await field.fill(sound);
  }
  await expect(effects).not.toContainText(faulty);
});

test("an open conversation leaves the screen when its reader leaves the team", async ({ enter, newCustomer }) => {
  const bruno = await enter("Bruno");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321", "Balcão");
  await marina.writes("Oi!");
  await serve(bruno, "Marina Sousa");
  await write(bruno, "Bom dia!");
  const eva = await enter("Davi");
  const narrow = (eva.viewportSize()?.width ?? 0) < 760;
  await eva.getByRole("tab", { name: /^Outros/ }).click();
  await eva.getByRole("button", { name: /^Marina Sousa/ }).click();
  await expect(eva.getByRole("region", { name: "Mensagens" }).getByText("Bom dia!")).toBeVisible();

  const ana = await enter("Ana");
  await settings(ana, "/ajustes/equipes");
  await ana.getByRole("link", { name: "Geral" }).click();
  await cell(ana, "Davi", "Usuário").uncheck();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Equipe salva.")).toBeVisible();
  await expect(eva.getByText("Você não vê mais esta conversa")).toBeVisible({ timeout: 1_000 });
  await expect(eva.getByRole("region", { name: "Mensagens" })).toHaveCount(0);
  if (!narrow) await expect(eva.getByRole("button", { name: /^Marina Sousa/ })).toHaveCount(0);
});

test("an invitation is a link that lets somebody in, once", async ({ enter, visit }) => {
  const ana = await enter("Ana");
  await settings(ana, "/ajustes/usuarios/novo");
  await ana.getByLabel("Nome", { exact: true }).fill("Gil");
  await ana.getByLabel("E-mail", { exact: true }).fill("gil@");
  await ana.getByLabel("Telefone", { exact: true }).fill("12");
  await ana.getByRole("button", { name: "Criar convite" }).click();
  expect(await fault(ana, "E-mail")).toContain("Confira o e-mail");
  expect(await fault(ana, "Telefone")).toContain("Confira o telefone");
  await expect(ana.getByLabel("E-mail", { exact: true })).toBeFocused();
  await ana.getByLabel("E-mail", { exact: true }).fill("bruno@aurora.example");
  expect(await fault(ana, "E-mail")).toContain("Bruno já entra com este dado");
  await ana.getByLabel("E-mail", { exact: true }).fill("gil@aurora.example");
  await ana.getByLabel("Telefone", { exact: true }).fill("");
  await cell(ana, "Suporte", "Usuário").check();
  await ana.getByRole("button", { name: "Criar convite" }).click();
  const link = await ana.getByLabel("Link do convite").inputValue();
  expect(link).toContain("/entrar#link=");
  await ana.getByRole("dialog").getByRole("button", { name: "Fechar" }).last().click();
  await expect(ana.getByRole("listitem").filter({ hasText: "gil@aurora.example" })).toContainText("convite enviado");

  const address = new URL(link);
  const gil = await visit(address.pathname + address.hash);
  await gil.getByRole("button", { name: "Continuar" }).click();
  await expect(gil.getByRole("tab", { name: /^Novos/ })).toBeVisible();
});

test("somebody is deleted with the fate of what they hold", async ({ enter, newCustomer, faults }) => {
  // Who is deleted has no session any more.
  faults.expect(/401/);
  const bruno = await enter("Bruno");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321", "Balcão");
  await marina.writes("Oi!");
  await serve(bruno, "Marina Sousa");
  const eva = await enter("Eva");

  const ana = await enter("Ana");
  await settings(ana, "/ajustes/usuarios");
  await ana.getByRole("link", { name: "Bruno" }).click();
  await ana.getByRole("button", { name: "Excluir usuário" }).click();
  const dialog = ana.getByRole("dialog");
  await expect(dialog).toContainText(/\d+ conversas em aberto são afetadas/);
  await dialog.getByRole("radio", { name: /Transferir para uma pessoa/ }).check();
  await dialog.getByLabel("Para quem").selectOption("Eva");
  await dialog.getByRole("button", { name: "Excluir usuário" }).click();
  await expect(ana).toHaveURL(/\/ajustes\/usuarios$/);
  await expect(ana.getByRole("link", { name: "Bruno" })).toHaveCount(0);
  await eva.getByRole("tab", { name: /^Meus/ }).click();
  await expect(eva.getByRole("button", { name: /^Marina Sousa/ })).toBeVisible();
  await expect(bruno).toHaveURL(/\/entrar/);

  await settings(ana, "/ajustes/auditoria");
  const line = ana.getByRole("listitem").filter({ hasText: "Ana excluiu Bruno" });
  await expect(line).toContainText("passadas para Eva");
});

test("hours are refused at their day, copied, saved and followed", async ({ enter, accessible }) => {
  const ana = await enter("Ana");
  await settings(ana, "/ajustes/horario");
  await expect(ana.getByText("Agora: aberto, fecha às 12:00")).toBeVisible();
  const from = ana.getByLabel("Segunda-feira, das", { exact: true });
  await from.fill("12:30");
  const day = ana.getByRole("listitem").filter({ hasText: "Segunda-feira" });
  await expect(day).toContainText("O almoço deve começar depois de abrir");
  // Saving goes to the time that is wrong, and neither it nor its fault is left under the bar.
  const save = ana.getByRole("button", { name: "Salvar" });
  await save.click();
  await expect(ana.getByLabel("Segunda-feira: almoço, das", { exact: true })).toBeFocused();
  await expect(from).not.toHaveAttribute("aria-invalid", "true");
  const [told, bar] = [await day.locator(".field-fault").boundingBox(), await ana.locator(".form-bar").boundingBox()];
  expect((told?.y ?? Infinity) + (told?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
  await from.fill("07:30");
  await expect(day).not.toContainText("O almoço deve começar depois de abrir");
  await ana.getByRole("button", { name: "Copiar… Segunda-feira" }).click();
  await ana.getByRole("dialog").getByRole("button", { name: "Copiar" }).click();
  await expect(ana.getByLabel("Sexta-feira, das", { exact: true })).toHaveValue("07:30");

  await ana.getByRole("button", { name: "Adicionar data" }).click();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Falta a data, ou ela não existe no calendário.")).toBeVisible();
  await expect(ana.getByLabel("Data", { exact: true })).toBeFocused();
  await ana.getByLabel("Data", { exact: true }).fill("2026-12-25");
  await ana.getByLabel("Fuso horário").fill("America/Cidade");
  expect(await fault(ana, "Fuso horário")).toContain("Escolha um da lista");
  await ana.getByLabel("Fuso horário").fill("America/Sao_Paulo");
  await ana.getByLabel("Texto", { exact: true }).fill("Olá, [NOME_CONTATO]! Voltamos às 7h30.");
  await expect(ana.getByText("Olá, Marina! Voltamos às 7h30.")).toBeVisible();
  await accessible(ana);
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Horário salvo.")).toBeVisible();
  await ana.reload();
  await expect(ana.getByLabel("Terça-feira, das", { exact: true })).toHaveValue("07:30");
  await expect(ana.getByLabel("Data", { exact: true })).toHaveValue("2026-12-25");

  await settings(ana, "/ajustes/auditoria");
  const line = ana.getByRole("listitem").filter({ hasText: "Ana mudou o horário de atendimento" });
  await expect(line).toContainText("25/12/2026");
  await expect(line).toContainText("07:30–12:00, 13:00–18:00");
});

test("nothing typed is lost: leaving asks, and somebody else's change is put beneath one's own", async ({ enter, faults }) => {
  // A form that is refused.
  faults.expect(/422/);
  const ana = await enter("Ana");
  await settings(ana, "/ajustes/equipes");
  await ana.getByRole("link", { name: "Suporte" }).click();
  await ana.getByLabel("Nome", { exact: true }).fill("Suporte Sul");
  await ana.getByRole("link", { name: "Auditoria" }).click();
  await expect(ana.getByRole("dialog")).toContainText("Sair sem salvar?");
  await ana.getByRole("dialog").getByRole("button", { name: "Continuar editando" }).click();
  await expect(ana.getByLabel("Nome", { exact: true })).toHaveValue("Suporte Sul");
  await ana.goBack();
  await expect(ana.getByRole("dialog")).toContainText("Sair sem salvar?");
  await ana.keyboard.press("Escape");
  await expect(ana.getByLabel("Nome", { exact: true })).toHaveValue("Suporte Sul");

  // The same person in another window is somebody else to the form.
  const other = await enter("Ana");
  await settings(other, "/ajustes/equipes");
  await other.getByRole("link", { name: "Suporte" }).click();
  await cell(other, "Eva", "Usuário").check();
  // The way from the server is slow.
  await ana.route("**/api/fn/settings", async (route) => {
    const response = await route.fetch();
    await new Promise((resume) => setTimeout(resume, 3_000));
    await route.fulfill({ response });
  });
  await other.getByRole("button", { name: "Salvar" }).click();
  await expect(other.getByText("Equipe salva.")).toBeVisible();

  // While the refused form reads what it is beneath, another team changes and everything is read once more.
  await other.getByRole("link", { name: "Equipes" }).first().click();
  await other.getByRole("link", { name: "Geral" }).click();
  await other.getByLabel("Nome", { exact: true }).fill("Loja");
  const read = ana.waitForRequest("**/api/fn/settings");
  await ana.getByRole("button", { name: "Salvar" }).click();
  await read;
  await other.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Mudou enquanto isso, por Ana.")).toBeVisible();
  await ana.getByRole("button", { name: "Ver o que mudou" }).click();
  await expect(ana.getByRole("alert").getByText("Usuário e Supervisor")).toBeVisible();
  await ana.getByRole("button", { name: "Reaplicar minhas alterações" }).click();
  await expect(cell(ana, "Eva", "Usuário")).toBeChecked();
  await expect(ana.getByLabel("Nome", { exact: true })).toHaveValue("Suporte Sul");
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Equipe salva.")).toBeVisible();
  await other.getByRole("link", { name: "Equipes" }).first().click();
  await expect(other.getByRole("link", { name: "Suporte Sul" })).toBeVisible();
});

test("without a connection nothing can be saved, and nothing is lost", async ({ enter, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const ana = await enter("Ana");
  await settings(ana, "/ajustes/equipes");
  await ana.getByRole("link", { name: "Suporte" }).click();
  await ana.getByLabel("Nome", { exact: true }).fill("Suporte Sul");
  await ana.context().setOffline(true);
  await expect(ana.getByText(/Sem conexão: o que você escreveu fica aqui/)).toBeVisible();
  await expect(ana.getByRole("button", { name: "Salvar" })).toBeDisabled();
  await ana.context().setOffline(false);
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Equipe salva.")).toBeVisible();
});

test("“Ver como” shows what somebody sees and hears, and closes with Escape", async ({ enter, newCustomer, accessible }) => {
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321", "Balcão");
  await marina.writes("Oi!");
  await expect(ana.getByRole("button", { name: /^Marina Sousa/ })).toBeVisible();
  await settings(ana, "/ajustes/usuarios");
  await ana.getByRole("link", { name: "Fábio" }).click();
  await ana.getByRole("button", { name: "Ver como" }).click();
  await expect(ana.getByText("Vendo como Fábio")).toBeVisible();
  await expect(ana.getByRole("listitem").filter({ hasText: "Marina Sousa" })).toContainText("ouve o aviso");
  await accessible(ana);
  await ana.keyboard.press("Escape");
  await expect(ana.getByRole("button", { name: "Ver como" })).toBeVisible();
  await settings(ana, "/ajustes/auditoria");
  await expect(ana.getByText("Ana viu a tela como Fábio")).toBeVisible();
});

test("whoever is filling in a form is told at once that somebody else saved, and discarding shows what stands", async ({ enter }) => {
  const [ana, other] = [await enter("Ana"), await enter("Ana")];
  for (const page of [ana, other]) await settings(page, "/ajustes/equipes");
  for (const page of [ana, other]) await page.getByRole("link", { name: "Suporte" }).click();
  const name = (page: Page) => page.getByLabel("Nome", { exact: true });
  await name(ana).fill("Suporte Sul");
  await name(other).fill("Suporte Norte");
  await other.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByRole("alert").getByText("Mudou enquanto isso.")).toBeVisible();
  await expect(name(ana)).toHaveValue("Suporte Sul");
  await ana.getByRole("button", { name: "Descartar alterações" }).click();
  await expect(name(ana)).toHaveValue("Suporte Norte");
  await expect(ana.getByText("Mudou enquanto isso.")).toHaveCount(0);
  // A form in which nothing is written follows by itself.
  await settings(other, "/ajustes/acesso");
  await settings(ana, "/ajustes/acesso");
  await other.getByRole("switch", { name: /Contar os atendimentos/ }).check();
  await other.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByRole("switch", { name: /Contar os atendimentos/ })).toBeChecked();
});
