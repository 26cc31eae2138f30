export {
  type AccountServices,
  type AccountServicesDeps,
  type AccountServicesSettings,
  createAccountServices,
} from './create-account-services.ts';
