/** The System Console, below `/admin_console`. */
export function SystemConsole() {
  return <main>System Console</main>;
}
