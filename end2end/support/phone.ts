// Customers with a phone, through the simulator's own interface; the journeys that are about its page use the page.

import { type APIRequestContext, expect } from "@playwright/test";

interface State {
  numbers: { id: string; display: string; name: string }[];
  customers: { id: number; name: string }[];
}

interface Bubble {
  by: "customer" | "business";
  tick: "sending" | "failed" | "sent" | "delivered" | "read";
  content: { kind: string; text?: string };
}

export class Customer {
  constructor(
    private readonly request: APIRequestContext,
    readonly id: number,
    readonly name: string,
    readonly number: string,
  ) {}

  /** Writes to the business as this customer. */
  async writes(text: string): Promise<void> {
    const answer = await this.request.post(`${this.chat}/send`, { data: { kind: "text", text } });
    expect(answer.ok(), `the phone sent “${text}”: ${answer.status()} ${await answer.text()}`).toBe(true);
  }

  /** Lets the next message to this customer fail with Meta's code. */
  async refuses(code: number): Promise<void> {
    const fail = { code, how: "answer", times: 1 };
    const faults = { fail, drop_answers: 0, delay_ms: 0, duplicate: false, shuffle_ms: 0, statuses_first: false, skip_delivered: false };
    const answer = await this.request.put(`/simulador/api/customers/${this.id}/faults`, { data: faults });
    expect(answer.ok(), `the phone refuses the next message: ${answer.status()} ${await answer.text()}`).toBe(true);
  }

  /** Opens the chat, so that the business's messages count as read. */
  async reads(): Promise<void> {
    const answer = await this.request.post(`${this.chat}/read`);
    expect(answer.ok(), "the phone opened the chat").toBe(true);
  }

  /** The texts that the business has sent, oldest first. */
  async received(): Promise<string[]> {
    const answer = await this.request.get(this.chat);
    const { messages } = (await answer.json()) as { messages: Bubble[] };
    return messages.filter((bubble) => bubble.by === "business").map((bubble) => bubble.content.text ?? bubble.content.kind);
  }

  /** The same phone, writing to the business's first number. */
  async atFirstNumber(): Promise<Customer> {
    const { numbers } = (await (await this.request.get("/simulador/api/state")).json()) as State;
    expect(numbers[0], "the business has a number").toBeDefined();
    return new Customer(this.request, this.id, this.name, (numbers[0] as State["numbers"][number]).id);
  }

  private get chat(): string {
    return `/simulador/api/customers/${this.id}/chats/${this.number}`;
  }
}

/** Adds a customer with a phone; `number` names the business's number to write to, the first when absent. */
export async function customer(request: APIRequestContext, name: string, phone: string, number?: string): Promise<Customer> {
  const state = (await (await request.get("/simulador/api/state")).json()) as State;
  const chosen = number === undefined ? state.numbers[0] : state.numbers.find((each) => each.name.includes(number));
  expect(chosen, `the business has the number ${number ?? "of its first channel"}`).toBeDefined();
  const answer = await request.post("/simulador/api/customers", { data: { name, phone } });
  expect(answer.ok(), `the phone of ${name} was added: ${answer.status()} ${await answer.text()}`).toBe(true);
  const { id } = (await answer.json()) as { id: number };
  return new Customer(request, id, name, (chosen as State["numbers"][number]).id);
}
