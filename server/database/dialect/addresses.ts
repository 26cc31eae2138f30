import type { DataSource, HostPort } from '../data-source/data-source.ts';
import type { Connection, Connector } from './connection.ts';

/** What the engines do in their own ways with one address of a data source. */
export interface AddressOpener<C extends Connection> {
  /** Connects to one address, by TLS unless `plain`. */
  connect(address: HostPort, plain: boolean): Promise<C>;
  /** Whether the error says that the server does not speak TLS. */
  refusesTls(error: unknown): boolean;
  /** Judges an opened connection. @throws Error when it will not do; then it is closed already. */
  assertWanted?(connection: C): Promise<void>;
}

/** One address of a data source. */
class Address<C extends Connection> {
  readonly #source: DataSource;
  readonly #address: HostPort;
  readonly #opener: AddressOpener<C>;
  /** `prefer`: the server has said that it does not speak TLS. */
  #plain: boolean;

  constructor(source: DataSource, address: HostPort, opener: AddressOpener<C>) {
    this.#source = source;
    this.#address = address;
    this.#opener = opener;
    this.#plain = source.tls.mode === 'disable';
  }

  async open(): Promise<C> {
    const plain = this.#plain;
    try {
      return await this.#opener.connect(this.#address, plain);
    } catch (error) {
      // By this attempt's own way, not by what another one has learnt meanwhile: many open at the same time.
      const mayBePlain = this.#source.tls.mode === 'prefer' && !plain;
      if (!mayBePlain || !this.#opener.refusesTls(error)) throw error;
      this.#plain = true;
      return this.#opener.connect(this.#address, true);
    }
  }
}

/**
 * Opens connections to the first host of a data source that answers and is wanted. Handing connections out is ours
 * (pool/): knex's pool cannot drain, and validates asynchronously on every query.
 */
export function connectorOf<C extends Connection>(source: DataSource, opener: AddressOpener<C>): Connector {
  const addresses = source.hosts.map((address) => new Address(source, address, opener));
  return {
    async open() {
      let lastError: unknown;
      for (const address of addresses) {
        try {
          const connection = await address.open();
          await opener.assertWanted?.(connection);
          return connection;
        } catch (error) {
          lastError = error;
        }
      }
      throw lastError;
    },
  };
}
