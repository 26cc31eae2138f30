import { limits } from '../../../contract/index.ts';
import { AppError } from '../base/app-error.ts';

/** Lengths are counted in code points; the quick test spares the count for nearly every message. */
export function checkMessageLength(message: string): void {
  if (message.length > limits.messageMax && [...message].length > limits.messageMax) {
    throw new AppError('model.post.is_valid.message_length.app_error', { params: { max: limits.messageMax } });
  }
}

export function checkMessage(message: string, mayBeEmpty: boolean): void {
  checkMessageLength(message);
  if (!mayBeEmpty && message.trim() === '') throw new AppError('api.post.create_post.empty.app_error');
}
